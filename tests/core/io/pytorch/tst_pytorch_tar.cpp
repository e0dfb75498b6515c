#include "tests/support/damage.h"
#include "tests/support/torch_tar_bytes.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;
using namespace embedscope::test::pickled;

namespace {

const std::vector<double> kValues{1, 2, 3, 4, 5, 6};
const TarStorage kStorage{1, "FloatStorage", 6, packed<float>(kValues)};
const TarTensor kTensor{7, integer(1), {3, 2}, {2, 1}};

std::string fileOf(const TarTensor& tensor, const TarStorage& storage = kStorage)
{
    return torchTar(dict({{"w", reference(7)}}), tarTensors({tensor}), tarStorages({storage}));
}

std::vector<float> valuesOf(const Dataset& dataset)
{
    const float* const values = dataset.vectors().floats().data();
    return {values, values + dataset.size() * dataset.dimensions()};
}

/// A pax header before a member, as Python's tarfile writes it for times with fractions.
std::string withPax(std::string archive, const std::string& record)
{
    std::string header = archive.substr(0, 512);
    header.replace(0, 100, "PaxHeaders/sys_info" + std::string(81, '\0'));
    header[156] = 'x';
    const auto put = [&header](std::size_t at, std::size_t digits, std::size_t value) {
        for (std::size_t i = digits; i-- > 0; value /= 8)
            header[at + i] = static_cast<char>('0' + value % 8);
    };
    put(124, 11, record.size());
    header.replace(148, 8, 8, ' ');
    std::size_t sum = 0;
    for (const char c : header)
        sum += static_cast<unsigned char>(c);
    put(148, 6, sum);
    header[154] = '\0';
    return header + record + std::string(512 - record.size(), '\0') + std::move(archive);
}

} // namespace

class TestPyTorchTar : public QObject
{
    Q_OBJECT

private slots:
    void tensorsAreFoundByTheirKeys();
    void laterReferencesAreRead();
    void viewsOnStoragesAreHonoured();
    void modulesAreLookedThrough();
    void extendedHeadersAreRead();
    void liesAreRefused_data();
    void liesAreRefused();
    void damageIsHarmless();
};

void TestPyTorchTar::tensorsAreFoundByTheirKeys()
{
    // A transposed view on the last four values, an empty tensor without a storage, and a double.
    const std::string bytes
        = torchTar(dict({{"a", reference(7)}, {"b", reference(8)}, {"c", reference(9)}}),
            tarTensors({{7, integer(1), {2, 2}, {1, 2}, 2}, {8, "N", {}, {}},
                {9, integer(2), {1, 3}, {3, 1}, 0, "DoubleTensor"}}),
            tarStorages({kStorage, {2, "DoubleStorage", 3, packed<double>({7, 8, 9})}}));
    ReadOptions options;
    options.tensor = "a";
    const auto a = openBytes(bytes, "wrong.csv", options);
    QVERIFY2(a.ok(), a ? "" : describe(a.error()).c_str());
    QCOMPARE((*a)->provenance().format, std::string("pytorch"));
    QCOMPARE((*a)->provenance().tensors.size(), std::size_t{2});
    QVERIFY((*a)->warnings().empty());
    QCOMPARE(valuesOf(**a), (std::vector<float>{3, 5, 4, 6}));
    options.tensor = "c";
    const auto c = openBytes(bytes, "m.tar", options);
    QVERIFY2(c.ok(), c ? "" : describe(c.error()).c_str());
    QCOMPARE((*c)->provenance().dtype, std::string("float64"));
    QCOMPARE(valuesOf(**c), (std::vector<float>{7, 8, 9}));
}

void TestPyTorchTar::laterReferencesAreRead()
{
    // Tensors that name their storage in place, and neither tensors nor views apart.
    const auto fileWith = [](const std::string& className) {
        return tarOf({{"sys_info", tarSystem()},
            {"pickle", whole(dict({{"w", matrix("1", 3, 2, className)}}))},
            {"storages", tarStorages({kStorage}, "")}});
    };
    const auto dataset = openBytes(fileWith("FloatStorage"), "m.tar");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{3});
    QCOMPARE(valuesOf(**dataset), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    const auto other = openBytes(fileWith("IntStorage"), "m.tar");
    QVERIFY(!other.ok());
    QVERIFY(other.error().detail.find("another type") != std::string::npos);
}

void TestPyTorchTar::viewsOnStoragesAreHonoured()
{
    const std::string views = list({tuple({integer(5), integer(1), integer(2), integer(4)})});
    const auto dataset = openBytes(
        torchTar(dict({{"w", reference(7)}}), tarTensors({{7, integer(5), {1, 3}, {3, 1}, 1}}),
            tarStorages({kStorage}, views)),
        "m.tar");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE(valuesOf(**dataset), (std::vector<float>{4, 5, 6}));
}

void TestPyTorchTar::modulesAreLookedThrough()
{
    // Classes are references with their source; parameters are made of the tensor they hold.
    const std::string module
        = tuple({global("my.code", "Model"), text("model.py"), text("class Model: pass")}) + 'Q';
    const std::string parameter
        = global("torch.nn.parameter", "Parameter") + tuple({reference(7)}) + '\x81';
    const auto dataset
        = openBytes(torchTar(object(module, dict({{"_parameters", dict({{"weight", parameter}})}})),
                        tarTensors({kTensor}), tarStorages({kStorage})),
            "m.tar");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().tensor, std::string("weight"));
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
    QVERIFY((*dataset)->warnings()[0].find("my.code.Model") != std::string::npos);
}

void TestPyTorchTar::extendedHeadersAreRead()
{
    const auto dataset
        = openBytes(withPax(fileOf(kTensor), "28 mtime=1480000000.1234567\n"), "m.tar");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE(valuesOf(**dataset), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    QVERIFY(!openBytes(withPax(fileOf(kTensor), "30 size=99999999999999999999\n"), "m.tar").ok());
    QVERIFY(!openBytes(withPax(fileOf(kTensor), "9999 mtime=1\n"), "m.tar").ok());
}

void TestPyTorchTar::liesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto add = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    const auto tensor
        = [&add](const char* name, const TarTensor& lying) { add(name, fileOf(lying)); };
    tensor("offset", {7, integer(1), {3, 2}, {2, 1}, 1});
    tensor("negative offset", {7, integer(1), {3, 2}, {2, 1}, -1});
    tensor("stride", {7, integer(1), {3, 2}, {3, 1}});
    tensor("negative stride", {7, integer(1), {3, 2}, {-2, 1}});
    tensor("huge stride", {7, integer(1), {2, 2}, {INT64_MAX, INT64_MAX}});
    tensor("size", {7, integer(1), {1LL << 40, 1LL << 40}, {1, 1}});
    tensor("negative size", {7, integer(1), {-3, 2}, {2, 1}});
    tensor("other key", {8, integer(1), {3, 2}, {2, 1}});
    tensor("other storage", {7, integer(2), {3, 2}, {2, 1}});
    tensor("no key", {7, "]", {3, 2}, {2, 1}});
    const std::vector<std::int64_t> many(65, 1);
    tensor("dimensions", {7, integer(1), many, many});
    const auto storage
        = [&add](const char* name, const TarStorage& lying) { add(name, fileOf(kTensor, lying)); };
    storage("count", {1, "FloatStorage", 7, packed<float>(kValues)});
    storage("huge count", {1, "FloatStorage", 1LL << 61, packed<float>(kValues)});
    storage("negative count", {1, "FloatStorage", -1, packed<float>(kValues)});
    storage("type", {1, "SecretStorage", 6, packed<float>(kValues)});
    const std::string value = dict({{"w", reference(7)}});
    const std::string tensors = tarTensors({kTensor});
    const std::string storages = tarStorages({kStorage});
    add("tensors",
        torchTar(
            value, whole(integer(1LL << 60)) + tensors.substr(tensors.find('.') + 1), storages));
    add("no count", torchTar(value, whole("N"), storages));
    add("storages",
        torchTar(
            value, tensors, whole(integer(1LL << 60)) + tarStorages({kStorage}, "").substr(13)));
    add("view",
        torchTar(value, tensors,
            tarStorages(
                {kStorage}, list({tuple({integer(5), integer(1), integer(2), integer(5)})}))));
    add("view on nothing",
        torchTar(value, tensors,
            tarStorages(
                {kStorage}, list({tuple({integer(5), integer(6), integer(0), integer(1)})}))));
    const std::string pickle = whole(value);
    add("no storages",
        tarOf({{"sys_info", tarSystem()}, {"pickle", pickle}, {"tensors", tensors}}));
    add("no tensors",
        tarOf({{"sys_info", tarSystem()}, {"pickle", pickle}, {"storages", storages}}));
    add("no pickle",
        tarOf({{"sys_info", tarSystem()}, {"tensors", tensors}, {"storages", storages}}));
    add("link",
        tarOf({{"sys_info", tarSystem()}, {"pickle", pickle}, {"tensors", tensors},
            {"storages -> /etc/passwd", ""}}));
    add("twice",
        tarOf({{"pickle", pickle}, {"tensors", tensors}, {"storages", storages},
            {"storages", storages}}));
}

void TestPyTorchTar::liesAreRefused()
{
    QFETCH(QByteArray, bytes);
    const auto dataset = openBytes(bytes.toStdString(), "m.tar");
    QVERIFY(!dataset.ok());
    QVERIFY(dataset.error().code != ErrorCode::OutOfMemory);
    QVERIFY(!dataset.error().detail.empty());
}

void TestPyTorchTar::damageIsHarmless()
{
    // Behind the last member stands nothing but padding.
    std::string bytes = fileOf(kTensor);
    bytes.resize(bytes.find_last_not_of('\0') + 1);
    QVERIFY(openBytes(bytes, "m.tar").ok());
    QCOMPARE(opensWhenCut(bytes, "m.tar", 8192), 0);
    QVERIFY(flipsAreHarmless(bytes, "m.tar"));
}

QTEST_APPLESS_MAIN(TestPyTorchTar)
#include "tst_pytorch_tar.moc"
