#include "core/io/open.h"
#include "core/io/samples.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace embedscope;

namespace {

std::shared_ptr<const Dataset> openSample(const char* file)
{
    auto dataset = openDataset(std::string(EMBEDSCOPE_SAMPLES_DIR) + '/' + file, {}, {});
    if (!dataset.ok())
        qWarning("%s", describe(dataset.error()).c_str());
    return dataset.ok() ? *dataset : nullptr;
}

/// The k words with the largest cosine, by brute force.
std::vector<std::string> nearest(const Dataset& dataset, const std::string& word, std::size_t k)
{
    const auto query = dataset.rowsLabelled(word);
    if (query.empty())
        return {};
    const MatrixView vectors = dataset.vectors().floats();
    std::vector<std::pair<double, PointId>> values;
    for (Index i = 0; i < vectors.rows(); ++i) {
        double dot = 0;
        double norm = 0;
        for (Index j = 0; j < vectors.columns(); ++j) {
            dot += double{vectors(i, j)} * vectors(query.front(), j);
            norm += double{vectors(i, j)} * vectors(i, j);
        }
        if (i != query.front())
            values.emplace_back(-dot / std::sqrt(norm), static_cast<PointId>(i));
    }
    std::sort(values.begin(), values.end());
    std::vector<std::string> words;
    for (std::size_t i = 0; i < std::min(k, values.size()); ++i)
        words.push_back(dataset.label(values[i].second));
    return words;
}

} // namespace

class TestSamples : public QObject
{
    Q_OBJECT

private slots:
    void everySampleOpensWithoutWarning();
    void wordsHaveFieldAndPartOfSpeech();
    void wordsThatBelongTogetherAreNear_data();
    void wordsThatBelongTogetherAreNear();
    void digitsHaveTheirPictures();
};

void TestSamples::everySampleOpensWithoutWarning()
{
    QVERIFY(!samples().empty());
    for (const Sample& sample : samples()) {
        const auto dataset = openSample(std::string(sample.file).c_str());
        QVERIFY(dataset);
        QVERIFY2(dataset->warnings().empty(),
            dataset->warnings().empty() ? "" : dataset->warnings().front().c_str());
        QVERIFY(findColumn(dataset->columns(), sample.colorBy));
        QCOMPARE(dataset->usableCount(), dataset->size());
        QVERIFY(dataset->hasLabels());
    }
}

void TestSamples::wordsHaveFieldAndPartOfSpeech()
{
    const auto words = openSample("words/words.json");
    QVERIFY(words);
    QCOMPARE(words->size(), Index{10000});
    QCOMPARE(words->dimensions(), Index{100});
    QCOMPARE(words->columns().size(), std::size_t{3});
    QCOMPARE(words->columns()[1].name(), std::string("field"));
    QCOMPARE(words->columns()[1].kind(), ColumnKind::Category);
    QCOMPARE(words->columns()[2].kind(), ColumnKind::Category);
    QCOMPARE(words->columns()[2].distinctCount(), Index{4});
    const auto dog = words->rowsLabelled("dog");
    QCOMPARE(dog.size(), std::size_t{1});
    QCOMPARE(words->columns()[1].text(dog.front()), std::string("noun.animal"));
    QCOMPARE(words->columns()[2].text(dog.front()), std::string("noun"));
}

void TestSamples::wordsThatBelongTogetherAreNear_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QStringList>("friends");
    QTest::newRow("music") << "music" << QStringList{"musical", "singing", "jazz"};
    QTest::newRow("doctor") << "doctor" << QStringList{"physician", "medical", "dentist"};
    QTest::newRow("king") << "king" << QStringList{"queen", "emperor", "throne"};
}

void TestSamples::wordsThatBelongTogetherAreNear()
{
    QFETCH(QString, word);
    QFETCH(QStringList, friends);
    const auto words = openSample("words/words.json");
    QVERIFY(words);
    const auto found = nearest(*words, word.toStdString(), 20);
    for (const QString& other : friends) {
        QVERIFY2(std::find(found.begin(), found.end(), other.toStdString()) != found.end(),
            qPrintable(other + " is not near " + word));
    }
}

void TestSamples::digitsHaveTheirPictures()
{
    const auto digits = openSample("digits/digits.json");
    QVERIFY(digits);
    QCOMPARE(digits->size(), Index{1797});
    QCOMPARE(digits->dimensions(), Index{64});
    const auto digit = findColumn(digits->columns(), "digit");
    const auto image = findColumn(digits->columns(), "image");
    QVERIFY(digit && image);
    QCOMPARE(digits->columns()[*digit].kind(), ColumnKind::Category);
    QCOMPARE(digits->columns()[*digit].distinctCount(), Index{10});
    const ImageValues* images = digits->columns()[*image].asImage();
    QVERIFY(images);
    QCOMPARE(images->files.size(), std::size_t{1});
    QVERIFY(images->files[0].ends_with("digits.png"));
    QVERIFY(std::all_of(
        images->fileOf.begin(), images->fileOf.end(), [](std::int32_t f) { return f == 0; }));
    const ImageRect last = images->rects.back();
    QCOMPARE(last.x, (1796 % 43) * 8);
    QCOMPARE(last.y, (1796 / 43) * 8);
    QCOMPARE(last.width, 8);
    QCOMPARE(last.height, 8);
}

QTEST_APPLESS_MAIN(TestSamples)
#include "tst_samples.moc"
