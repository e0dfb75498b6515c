// HDF5 files as people have them: what is read of each, and which table is chosen.

#include "core/base/random.h"
#include "core/io/hdf5/hdf5_helper.h"
#include "core/io/open.h"
#include "tests/support/hdf5_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

using Storage = Hdf5Bytes::Storage;

std::shared_ptr<const Dataset> opened(const std::string& bytes, const ReadOptions& options = {})
{
    auto dataset = openDataset(memorySource(bytes, "sample.h5"), options, {});
    if (!dataset) {
        qWarning("%s", describe(dataset.error()).c_str());
        return nullptr;
    }
    return *dataset;
}

Error refusal(const std::string& bytes, const ReadOptions& options = {})
{
    const auto dataset = openDataset(memorySource(bytes, "sample.h5"), options, {});
    return dataset ? Error{ErrorCode::InvalidArgument, "was read", {}, {}, {}} : dataset.error();
}

ReadOptions tensor(const std::string& name)
{
    ReadOptions options;
    options.tensor = name;
    return options;
}

bool isSame(MatrixView a, MatrixView b)
{
    return a.rows() == b.rows() && a.columns() == b.columns()
        && std::equal(a.data(), a.data() + a.rows() * a.columns(), b.data());
}

const Column* column(const Dataset& dataset, std::string_view name)
{
    const auto at = findColumn(dataset.columns(), name);
    return at ? &dataset.columns()[*at] : nullptr;
}

std::string manyNumbers(Index rows, Index columns, Storage storage)
{
    Hdf5Bytes file;
    file.matrix("emb", normalMatrix(rows, columns, 5), "float32", storage);
    return file.bytes();
}

} // namespace

class TestHdf5 : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { setHdf5HelperProgram(EMBEDSCOPE_HDF5_HELPER); }
    void everyTypeAndStorageIsRead_data();
    void everyTypeAndStorageIsRead();
    void largeTablesCrossBlocksWhole();
    void columnsBesideTheTableAreRead();
    void annDataIsReadWithItsFrame_data();
    void annDataIsReadWithItsFrame();
    void everyTableOfAnnDataCanBeAskedFor();
    void sparseTablesAreReadDense_data();
    void sparseTablesAreReadDense();
    void sparseTablesThatLieAreRefused();
    void compoundMembersAreTables();
    void rowsOfOneLengthAreATable();
    void datasetsOfOneLengthAreRows();
    void benchmarksOpenTheirTrainingVectors();
    void embeddingsOfKerasWinOverKernels();
    void listNamesEverythingWithoutReadingIt();
    void otherFilesAreNeverOpened();
    void unknownFiltersAreSaid();
    void declaredSizesAreWeighed();
    void neverWrittenValuesAreTheFillValue();
    void tablesOfMatlabAreTurned();
    void chosenRowsAreThoseOfTheWhole();
    void userBlocksAreSkipped();
    void unknownNamesListWhatThereIs();
    void fileWithoutTablesIsOneSentence();
    void damageWithinChunksIsOneSentence();
};

void TestHdf5::everyTypeAndStorageIsRead_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("storage");
    const std::vector<std::pair<QString, Storage>> storages{{"contiguous", Storage::Contiguous},
        {"chunked", Storage::Chunked}, {"deflated", Storage::Deflated}};
    for (const QString type :
        {"float32", "float32be", "float64", "int8", "int16", "uint8", "int64"}) {
        for (const auto& [name, storage] : storages)
            QTest::newRow(qPrintable(type + ' ' + name)) << type << static_cast<int>(storage);
    }
}

void TestHdf5::everyTypeAndStorageIsRead()
{
    QFETCH(QString, type);
    QFETCH(int, storage);
    Matrix values = Matrix::zeros(31, 5);
    for (Index i = 0; i < values.size(); ++i)
        values.data()[i] = static_cast<float>(i % 100);
    Hdf5Bytes file;
    file.matrix("a/b/emb", values, type.toStdString(), static_cast<Storage>(storage));
    const auto dataset = opened(file.bytes());
    QVERIFY(dataset != nullptr);
    QVERIFY(isSame(dataset->vectors().floats(), values));
    QCOMPARE(dataset->provenance().tensor, std::string("a/b/emb"));
    QCOMPARE(dataset->provenance().dtype,
        type == QLatin1String("float32be") ? std::string("float32") : type.toStdString());
}

void TestHdf5::largeTablesCrossBlocksWhole()
{
    const Index rows = 70'000;
    const Index columns = 33;
    const Matrix expected = normalMatrix(rows, columns, 5);
    for (const Storage storage : {Storage::Contiguous, Storage::Chunked, Storage::Deflated}) {
        const auto dataset = opened(manyNumbers(rows, columns, storage));
        QVERIFY(dataset != nullptr);
        QVERIFY(isSame(dataset->vectors().floats(), expected));
    }
}

void TestHdf5::columnsBesideTheTableAreRead()
{
    Hdf5Bytes file;
    file.matrix("g/emb", normalMatrix(6, 3, 1));
    file.texts("g/words", {"a", "b", "c", "d", "e", "z\xc3\xbc"}, true);
    file.texts("g/kind", {"x", "y", "x", "y", "x", "y"}, false);
    file.numbers("g/weight", {1, 2.5, 3, 4, 5, 6});
    file.booleans("g/seen", {true, false, true, true, false, false});
    file.numbers("g/other", {1, 2, 3});
    file.texts("elsewhere", {"1", "2", "3", "4", "5", "6"}, true);
    const auto dataset = opened(file.bytes());
    QVERIFY(dataset != nullptr);
    QCOMPARE(dataset->columns().size(), std::size_t{4});
    QCOMPARE(dataset->label(5), std::string("z\xc3\xbc"));
    QCOMPARE(column(*dataset, "kind")->kind(), ColumnKind::Category);
    QCOMPARE(column(*dataset, "weight")->asNumber()->values[1], 2.5);
    QCOMPARE(column(*dataset, "seen")->text(1), std::string("FALSE"));
}

void TestHdf5::annDataIsReadWithItsFrame_data()
{
    QTest::addColumn<bool>("isDeflated");
    QTest::newRow("contiguous") << false;
    QTest::newRow("deflated") << true;
}

void TestHdf5::annDataIsReadWithItsFrame()
{
    QFETCH(bool, isDeflated);
    const auto dataset = opened(annDataBytes(40, isDeflated));
    QVERIFY(dataset != nullptr);
    QCOMPARE(dataset->provenance().tensor, std::string("obsm/X_pca"));
    QVERIFY(isSame(dataset->vectors().floats(), normalMatrix(40, 4, 2)));
    QCOMPARE(dataset->label(39), std::string("cell 39"));

    std::vector<std::string> names;
    for (const Column& c : dataset->columns())
        names.push_back(c.name());
    const std::vector<std::string> expected{
        "index", "score", "kind", "maybe", "flag", "X_umap 1", "X_umap 2"};
    QCOMPARE(names, expected);
    const Column& kind = *column(*dataset, "kind");
    QCOMPARE(kind.kind(), ColumnKind::Category);
    QCOMPARE(kind.text(0), std::string("gamma"));
    QCOMPARE(kind.text(1), std::string("beta"));
    QVERIFY(kind.isMissing(3));
    QCOMPARE(column(*dataset, "score")->asNumber()->values[7], 1.75);
    QVERIFY(column(*dataset, "maybe")->isMissing(4));
    QCOMPARE(column(*dataset, "maybe")->asNumber()->values[5], 1.0);
    QCOMPARE(column(*dataset, "flag")->text(1), std::string("TRUE"));

    QCOMPARE(dataset->coordinateColumns().size(), std::size_t{2});
    const Matrix umap = normalMatrix(40, 2, 3);
    const auto* const x = dataset->columns()[dataset->coordinateColumns()[0]].asNumber();
    QCOMPARE(static_cast<float>(x->values[17]), umap(17, 0));
}

void TestHdf5::everyTableOfAnnDataCanBeAskedFor()
{
    const std::string bytes = annDataBytes(12);
    const auto x = opened(bytes, tensor("X"));
    QVERIFY(x != nullptr);
    QVERIFY(isSame(x->vectors().floats(), normalMatrix(12, 6, 1)));
    QCOMPARE(x->label(3), std::string("cell 3"));
    const auto umap = opened(bytes, tensor("/obsm/X_umap"));
    QVERIFY(umap != nullptr);
    QCOMPARE(umap->dimensions(), Index{2});
    QCOMPARE(umap->coordinateColumns().size(), std::size_t{2});
}

void TestHdf5::sparseTablesAreReadDense_data()
{
    QTest::addColumn<bool>("isByColumn");
    QTest::newRow("by row") << false;
    QTest::newRow("by column") << true;
}

void TestHdf5::sparseTablesAreReadDense()
{
    QFETCH(bool, isByColumn);
    Hdf5Bytes file;
    // By row: (0,1) = 5, (2,0) = 7, (2,0) = 1 once more, (2,3) = 9.
    file.numbers("m/data", {5, 7, 1, 9}, "float64");
    file.numbers("m/indices", {1, 0, 0, 3}, "int64");
    file.numbers("m/indptr", {0, 1, 1, 4}, "int64");
    file.attribute("m", "encoding-type", isByColumn ? "csc_matrix" : "csr_matrix");
    file.attribute("m", "shape",
        isByColumn ? std::vector<std::int64_t>{4, 3} : std::vector<std::int64_t>{3, 4});
    const auto dataset = opened(file.bytes());
    QVERIFY(dataset != nullptr);
    QCOMPARE(dataset->size(), isByColumn ? Index{4} : Index{3});
    const MatrixView values = dataset->vectors().floats();
    const auto at = [&](Index i, Index j) { return isByColumn ? values(j, i) : values(i, j); };
    QCOMPARE(at(0, 1), 5.0F);
    QCOMPARE(at(2, 0), 8.0F);
    QCOMPARE(at(2, 3), 9.0F);
    QCOMPARE(at(1, 2), 0.0F);
}

void TestHdf5::sparseTablesThatLieAreRefused()
{
    const auto make = [](const std::vector<double>& indices, const std::vector<double>& runs,
                          const std::vector<std::int64_t>& shape) {
        Hdf5Bytes file;
        file.numbers("X/data", {5, 7, 9});
        file.numbers("X/indices", indices, "int64");
        file.numbers("X/indptr", runs, "int64");
        file.attribute("X", "encoding-type", "csr_matrix");
        file.attribute("X", "shape", shape);
        return file.bytes();
    };
    QVERIFY(opened(make({1, 0, 3}, {0, 1, 3}, {2, 4})) != nullptr);
    for (const std::string& bytes : {make({1, 0, 4}, {0, 1, 3}, {2, 4}),
             make({1, 0, -1}, {0, 1, 3}, {2, 4}), make({1, 0, 3}, {0, 1, 2}, {2, 4}),
             make({1, 0, 3}, {0, 5, 3}, {2, 4}), make({1, 0, 3}, {1, 1, 3}, {2, 4}),
             make({1, 0, 3}, {0, 1, 3}, {3, 4}), make({1, 0}, {0, 1, 3}, {2, 4})})
        QCOMPARE(refusal(bytes).code, ErrorCode::Malformed);
    for (const auto& shape : {std::vector<std::int64_t>{2, std::int64_t{1} << 40U},
             std::vector<std::int64_t>{2, std::int64_t{1} << 24U}})
        QCOMPARE(refusal(make({1, 0, 3}, {0, 1, 3}, shape)).code, ErrorCode::TooLarge);
}

void TestHdf5::compoundMembersAreTables()
{
    Hdf5Bytes file;
    file.compound("table", {"one", "two", "three"}, normalMatrix(3, 7, 4));
    const auto dataset = opened(file.bytes());
    QVERIFY(dataset != nullptr);
    QVERIFY(isSame(dataset->vectors().floats(), normalMatrix(3, 7, 4)));
    QCOMPARE(dataset->provenance().tensor, std::string("table/vec"));
    QCOMPARE(dataset->label(2), std::string("three"));
    QCOMPARE(column(*dataset, "weight")->asNumber()->values[1], 0.5);
}

void TestHdf5::rowsOfOneLengthAreATable()
{
    Hdf5Bytes even;
    even.rows("rows", {{1, 2, 3}, {4, 5, 6}});
    const auto dataset = opened(even.bytes());
    QVERIFY(dataset != nullptr);
    QCOMPARE(dataset->dimensions(), Index{3});
    QCOMPARE(dataset->vectors()(1, 2), 6.0F);

    Hdf5Bytes gaps;
    gaps.rows("rows", {{}, {1, 2, 3}, {}, {4, 5, 6}});
    const auto withGaps = opened(gaps.bytes());
    QVERIFY(withGaps != nullptr);
    QCOMPARE(withGaps->unusableRows().ids(), (std::vector<PointId>{0, 2}));
    QCOMPARE(withGaps->vectors()(3, 2), 6.0F);

    Hdf5Bytes uneven;
    uneven.rows("rows", {{1, 2, 3}, {4, 5}});
    const Error error = refusal(uneven.bytes());
    QCOMPARE(error.code, ErrorCode::Unsupported);
    QVERIFY(error.detail.find("row 1 has 2") != std::string::npos);
}

void TestHdf5::datasetsOfOneLengthAreRows()
{
    for (const std::string folder : {"", "vectors/"}) {
        Hdf5Bytes file;
        file.numbers(folder + "b", {1, 2, 3}, "float32");
        file.numbers(folder + "a", {4, 5, 6}, "float64");
        file.numbers(folder + "c", {7, 8, 9}, "int16");
        const auto dataset = opened(file.bytes());
        QVERIFY(dataset != nullptr);
        QCOMPARE(dataset->size(), Index{3});
        QCOMPARE(dataset->label(0), std::string("a"));
        QCOMPARE(dataset->vectors()(0, 1), 5.0F);
        QCOMPARE(dataset->vectors()(2, 2), 9.0F);
    }
    Hdf5Bytes other;
    other.numbers("a", {1, 2, 3});
    other.numbers("b", {1, 2});
    QCOMPARE(opened(other.bytes())->size(), Index{1});
}

void TestHdf5::benchmarksOpenTheirTrainingVectors()
{
    Hdf5Bytes file;
    file.matrix("distances", normalMatrix(500, 40, 1));
    file.matrix("neighbors", Matrix::zeros(500, 40), "int64");
    file.matrix("test", normalMatrix(500, 8, 2));
    file.matrix("train", normalMatrix(20, 8, 3));
    file.attribute("", "distance", "angular");
    const auto dataset = opened(file.bytes());
    QVERIFY(dataset != nullptr);
    QCOMPARE(dataset->provenance().tensor, std::string("train"));
    QVERIFY(dataset->provenance().notes.at(0).find("angular") != std::string::npos);
    QCOMPARE(dataset->provenance().tensors.size(), std::size_t{4});
}

void TestHdf5::embeddingsOfKerasWinOverKernels()
{
    Hdf5Bytes file;
    file.matrix("model_weights/dense/dense/kernel:0", normalMatrix(300, 100, 1));
    file.matrix("model_weights/embedding/embedding/embeddings:0", normalMatrix(50, 8, 2));
    file.matrix("optimizer_weights/Adam/embedding/embeddings/m:0", normalMatrix(500, 8, 3));
    file.attribute("", "keras_version", "2.4.0");
    const auto dataset = opened(file.bytes());
    QVERIFY(dataset != nullptr);
    QVERIFY(isSame(dataset->vectors().floats(), normalMatrix(50, 8, 2)));
}

void TestHdf5::listNamesEverythingWithoutReadingIt()
{
    const auto source = memorySource(annDataBytes(9), "sample.h5ad");
    const auto format = detectFormat(*source);
    QVERIFY(format.ok());
    const auto tables = (*format)->list(*source, {}, {});
    QVERIFY(tables.ok());
    std::vector<std::string> names;
    for (const TensorSummary& table : *tables)
        names.push_back(table.name);
    QCOMPARE(names, (std::vector<std::string>{"X", "obsm/X_pca", "obsm/X_umap"}));
    QCOMPARE((*tables)[1].shape, (std::vector<std::uint64_t>{9, 4}));
    QVERIFY((*tables)[1].score > (*tables)[0].score);
    QVERIFY((*tables)[0].score > (*tables)[2].score);
}

/// Links, storage and virtual datasets that name another file, though it lies there to be read.
void TestHdf5::otherFilesAreNeverOpened()
{
    const TemporaryFolder folder;
    const std::string other = folder.file("other.h5");
    writeFile(other, manyNumbers(5, 3, Storage::Contiguous));

    Hdf5Bytes link;
    link.externalLink("emb", other);
    const Error error = refusal(link.bytes());
    QCOMPARE(error.code, ErrorCode::Unsupported);
    QVERIFY(error.detail.find("other files") != std::string::npos);
    QCOMPARE(refusal(link.bytes(), tensor("emb")).code, ErrorCode::Unsupported);

    Hdf5Bytes storage;
    storage.externalData("emb", 5, 3, other);
    QCOMPARE(refusal(storage.bytes()).code, ErrorCode::Unsupported);
    Hdf5Bytes put;
    put.virtualData("emb", 5, 3, other);
    QCOMPARE(refusal(put.bytes()).code, ErrorCode::Unsupported);

    Hdf5Bytes both;
    both.externalLink("far", other);
    both.matrix("near", normalMatrix(4, 3, 1));
    const auto dataset = opened(both.bytes());
    QVERIFY(dataset != nullptr);
    QCOMPARE(dataset->warnings().size(), std::size_t{1});
}

void TestHdf5::unknownFiltersAreSaid()
{
    const Error error = refusal(manyNumbers(9, 4, Storage::UnknownFilter));
    QCOMPARE(error.code, ErrorCode::Unsupported);
    QVERIFY2(error.detail.find("31999") != std::string::npos, error.detail.c_str());
}

void TestHdf5::declaredSizesAreWeighed()
{
    for (const std::uint64_t rows :
        {std::uint64_t{1} << 20U, std::uint64_t{1} << 40U, std::uint64_t{1} << 50U}) {
        Hdf5Bytes file;
        file.empty("emb", rows, 64);
        QCOMPARE(refusal(file.bytes()).code, ErrorCode::TooLarge);
    }
}

void TestHdf5::neverWrittenValuesAreTheFillValue()
{
    Hdf5Bytes file;
    file.empty("emb", 40, 4);
    const auto dataset = opened(file.bytes());
    QVERIFY(dataset != nullptr);
    QVERIFY(isSame(dataset->vectors().floats(), Matrix::zeros(40, 4)));
}

void TestHdf5::tablesOfMatlabAreTurned()
{
    const Matrix stored = normalMatrix(3, 20, 1);
    for (const Storage storage : {Storage::Contiguous, Storage::Deflated}) {
        Hdf5Bytes file;
        file.matrix("vectors", stored, "float32", storage);
        file.attribute("vectors", "MATLAB_class", "single");
        const auto dataset = opened(std::string(512, 'M') + file.bytes());
        QVERIFY(dataset != nullptr);
        QCOMPARE(dataset->size(), Index{20});
        QCOMPARE(dataset->vectors()(17, 2), stored(2, 17));
    }
}

void TestHdf5::chosenRowsAreThoseOfTheWhole()
{
    const Matrix whole = normalMatrix(20'000, 70, 8);
    std::vector<std::string> names;
    for (Index i = 0; i < whole.rows(); ++i)
        names.push_back("w" + std::to_string(i));
    for (const Storage storage : {Storage::Contiguous, Storage::Deflated}) {
        Hdf5Bytes file;
        file.matrix("emb", whole, "float32", storage);
        file.texts("words", names, false);
        const std::string bytes = file.bytes();
        ReadOptions range;
        range.rows.range = {12'345, 12'400};
        ReadOptions sample;
        sample.rows.sample = 37;
        sample.rows.seed = 3;
        for (const ReadOptions& options : {range, sample}) {
            const auto dataset = opened(bytes, options);
            QVERIFY(dataset != nullptr);
            QCOMPARE(dataset->size(), options.rows.range ? Index{55} : Index{37});
            QCOMPARE(dataset->fileRows(), whole.rows());
            for (Index i = 0; i < dataset->size(); ++i) {
                const std::string label = dataset->label(static_cast<PointId>(i));
                const Index own = std::stoll(label.substr(1));
                QVERIFY(std::equal(
                    whole.row(own), whole.row(own) + 70, dataset->vectors().floats().row(i)));
            }
        }
    }
}

void TestHdf5::userBlocksAreSkipped()
{
    const std::string bytes = manyNumbers(30, 4, Storage::Deflated);
    for (const std::size_t block : {512U, 2048U}) {
        const auto dataset = opened(std::string(block, 'u') + bytes);
        QVERIFY(dataset != nullptr);
        QVERIFY(isSame(dataset->vectors().floats(), normalMatrix(30, 4, 5)));
    }
    const auto plain = opened(std::string(512, 'u') + manyNumbers(30, 4, Storage::Contiguous));
    QVERIFY(plain != nullptr);
    QVERIFY(isSame(plain->vectors().floats(), normalMatrix(30, 4, 5)));
}

void TestHdf5::unknownNamesListWhatThereIs()
{
    const Error error = refusal(annDataBytes(5), tensor("obsm/X_vae"));
    QCOMPARE(error.code, ErrorCode::NotFound);
    QVERIFY(error.detail.find("obsm/X_pca") != std::string::npos);
}

void TestHdf5::fileWithoutTablesIsOneSentence()
{
    Hdf5Bytes empty;
    QCOMPARE(refusal(empty.bytes()).code, ErrorCode::Unsupported);
    Hdf5Bytes texts;
    texts.texts("words", {"a", "b"}, true);
    QCOMPARE(refusal(texts.bytes()).code, ErrorCode::Unsupported);
}

/// Chunks carry checksums: a changed byte is found, and nothing of the table is shown.
void TestHdf5::damageWithinChunksIsOneSentence()
{
    const std::string whole = manyNumbers(900, 9, Storage::Deflated);
    Random random(3);
    int refused = 0;
    for (int i = 0; i < 20; ++i) {
        std::string bytes = whole;
        const auto at = bytes.size() / 2 + random.below(bytes.size() / 4);
        bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
        const auto dataset = openDataset(memorySource(bytes, "sample.h5"), {}, {});
        if (dataset) {
            QVERIFY(isSame((*dataset)->vectors().floats(), normalMatrix(900, 9, 5)));
            continue;
        }
        ++refused;
        QVERIFY(dataset.error().detail.find("damaged") != std::string::npos);
    }
    QVERIFY(refused > 0);
}

QTEST_APPLESS_MAIN(TestHdf5)
#include "tst_hdf5.moc"
