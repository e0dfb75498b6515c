#include "core/io/folders/pictures.h"
#include "core/io/open.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <filesystem>
#include <stop_token>

using namespace embedscope;
using namespace embedscope::test;

namespace {

std::shared_ptr<const Dataset> tableOf(const std::vector<std::string>& cells)
{
    Table table;
    table.vectors = normalMatrix(static_cast<Index>(cells.size()), 3);
    TextValues texts;
    for (const std::string& cell : cells)
        cell.empty() ? texts.appendMissing() : static_cast<void>(texts.append(cell));
    table.columns.emplace_back("file", std::move(texts));
    return Dataset::make(std::move(table)).value();
}

/// For each row the picture's path, without the beginning that all have; "-" for none.
QStringList picturesOf(const Dataset& dataset, const std::string& folder = {})
{
    QStringList found;
    const auto column = findColumn(dataset.columns(), "picture");
    if (!column)
        return {};
    const ImageValues& values = *dataset.columns()[*column].asImage();
    for (const std::int32_t file : values.fileOf) {
        if (file < 0)
            found.append("-");
        else
            found.append(QString::fromStdString(values.files[static_cast<std::size_t>(file)])
                             .mid(static_cast<int>(folder.size())));
    }
    return found;
}

QStringList found(const std::vector<std::string>& pictures, const std::vector<std::string>& cells)
{
    return picturesOf(*withPictures(tableOf(cells), pictures, {}).value());
}

QString warned(const Dataset& dataset)
{
    QString text;
    for (const std::string& warning : dataset.warnings())
        text += QString::fromStdString(warning) + '\n';
    return text;
}

} // namespace

/// The pictures of a folder, and the rows of a table that they are of.
class TestPictures : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TemporaryFolder> m_folder;

    void add(const std::string& name, const std::string& bytes = "x") const
    {
        const std::filesystem::path path = m_folder->file(name);
        std::filesystem::create_directories(path.parent_path());
        writeFile(path.string(), bytes);
    }

private slots:
    void init() { m_folder = std::make_unique<TemporaryFolder>(); }

    void namesAreFoundWithAndWithoutFolderAndExtension()
    {
        const std::vector<std::string> pictures{"/p/img/a.png", "/p/img/b b.JPG", "/p/img/c.webp"};
        const QStringList all{"/p/img/a.png", "/p/img/b b.JPG", "/p/img/c.webp"};
        QCOMPARE(found(pictures, {"a.png", "b b.jpg", "C.WEBP"}), all);
        QCOMPARE(found(pictures, {"a", "b b", "c"}), all);
        QCOMPARE(found(pictures, {"img/a.png", "./img/b b.jpg", "/data/x/y/c.webp"}), all);
        QCOMPARE(found(pictures, {R"(C:\data\a.png)", R"(img\b b.jpg)", "c.png"}), all);
    }

    void aNameThatSeveralHaveTellsNone()
    {
        const std::vector<std::string> pictures{"/p/cat/1.png", "/p/dog/1.png", "/p/dog/2.png"};
        QCOMPARE(found(pictures, {"cat/1.png", "dog/1.png", "1.png", "2.png"}),
            QStringList({"/p/cat/1.png", "/p/dog/1.png", "-", "/p/dog/2.png"}));
    }

    void namesOutsideTheFolderAreNotFollowed()
    {
        add("a.npy.png");
        QVERIFY(found({"/p/a.png"}, {"../../etc/passwd.png", "/etc/hostname"}).isEmpty());
    }

    void wordsAreNoFileNames()
    {
        // Of four, one word happens to be the name of a picture: by chance, as it seems.
        QVERIFY(found({"/p/cat.png"}, {"cat", "dog", "emu", "fox"}).isEmpty());
        QCOMPARE(found({"/p/cat.png"}, {"cat.png", "dog.png", "", "fox.png"}),
            QStringList({"/p/cat.png", "-", "-", "-"}));
    }

    void rowsWithoutPictureAreCounted()
    {
        const auto some
            = withPictures(tableOf({"a.png", "b.png", "z.png"}), {"/a.png", "/b.png"}, {});
        QVERIFY(warned(**some).contains("2 of 3 points, by the column \"file\""));
        const auto all = withPictures(tableOf({"a.png", "b.png"}), {"/a.png", "/b.png"}, {});
        QCOMPARE(warned(**all), QString());
        QCOMPARE((*all)->columns().size(), std::size_t{2});
    }

    void aTableWithPicturesKeepsThem()
    {
        const auto once = withPictures(tableOf({"a.png"}), {"/a.png"}, {}).value();
        QCOMPARE(withPictures(once, {"/b.png", "/a.png"}, {}).value(), once);
        const auto table = tableOf({"a.png"});
        QCOMPARE(withPictures(table, {}, {}).value(), table);
    }

    void stopping()
    {
        std::stop_source source;
        source.request_stop();
        const auto stopped
            = withPictures(tableOf({"a.png"}), {"/a.png"}, Progress(source.get_token()));
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, ErrorCode::Stopped);
        QVERIFY(!picturesIn(m_folder->path(), Progress(source.get_token())).ok());
    }

    void aLongTableIsFoundByAFewOfItsRows()
    {
        std::vector<std::string> cells(20'000, "z.png");
        std::fill(cells.begin() + 9'000, cells.end(), "a.png");
        const QStringList names = found({"/a.png"}, cells);
        QCOMPARE(names.count("/a.png"), 11'000);
        QCOMPARE(names.indexOf("/a.png"), 9'000);
    }

    void picturesLieTwoLevelsDeep()
    {
        for (const char* const name : {"b.png", "a/1.JPEG", "a/deep/2.webp", "a/deep/er/3.png",
                 ".thumbs/4.png", ".5.png", "6.txt"})
            add(name);
        std::filesystem::create_directory_symlink(m_folder->path(), m_folder->file("round"));
        QStringList names;
        const auto inside = picturesIn(m_folder->path(), {}).value();
        for (const std::string& path : inside)
            names.append(QString::fromStdString(path.substr(m_folder->path().size() + 1)));
        QCOMPARE(names, QStringList({"a/1.JPEG", "a/deep/2.webp", "b.png"}));
    }

    void aFolderOpensAsItsTableWithPictures()
    {
        add("table.csv", "file,x,y\nimages/1.png,1,2\nimages/2.png,3,4\nimages/3.png,5,6\n");
        add("images/1.png");
        add("images/3.png");
        const auto opened = openDataset(m_folder->path(), {}, {});
        QVERIFY2(opened.ok(), opened ? "" : describe(opened.error()).c_str());
        QCOMPARE((*opened)->dimensions(), Index{2});
        QCOMPARE(picturesOf(**opened, m_folder->path()),
            QStringList({"/images/1.png", "-", "/images/3.png"}));
    }

    void theTextBesideATableMayNameThem()
    {
        add("vectors.npy", npy("<f4", "(3, 2)", std::string(24, '\1')));
        add("names.csv", "name,class\n1.png,a\n2.png,b\n3.png,a\n");
        for (const char* const name : {"1.png", "2.png", "3.png"})
            add(name);
        const auto opened = openDataset(m_folder->path(), {}, {});
        QVERIFY2(opened.ok(), opened ? "" : describe(opened.error()).c_str());
        QCOMPARE(
            picturesOf(**opened, m_folder->path()), QStringList({"/1.png", "/2.png", "/3.png"}));
        QVERIFY(findColumn((*opened)->columns(), "class"));
        QVERIFY(warned(**opened).contains("names.csv was laid beside"));
    }

    void textThatNamesNoneIsLeft()
    {
        add("vectors.npy", npy("<f4", "(3, 2)", std::string(24, '\1')));
        add("names.csv", "name,class\nx,a\ny,b\nz,a\n");
        add("1.png");
        const auto opened = openDataset(m_folder->path(), {}, {});
        QVERIFY(opened.ok());
        QVERIFY((*opened)->columns().empty());
    }
};

QTEST_APPLESS_MAIN(TestPictures)
#include "tst_pictures.moc"
