#include "tests/support/hdf5_bytes.h"

#include "tests/support/test_data.h"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>

namespace embedscope::test {

namespace {

constexpr std::size_t kGrow = 64U << 10U;
constexpr H5Z_filter_t kNobodysFilter = 31999;

hid_t checked(hid_t id)
{
    if (id < 0)
        std::abort();
    return id;
}

hid_t typeNamed(const std::string& name)
{
    if (name == "float32")
        return H5T_IEEE_F32LE;
    if (name == "float32be")
        return H5T_IEEE_F32BE;
    if (name == "float64")
        return H5T_IEEE_F64LE;
    if (name == "int8")
        return H5T_STD_I8LE;
    if (name == "int16")
        return H5T_STD_I16LE;
    if (name == "uint8")
        return H5T_STD_U8LE;
    if (name == "int64")
        return H5T_STD_I64LE;
    std::abort();
}

/// Passes everything through: only its number matters.
std::size_t passThrough(
    unsigned, std::size_t, const unsigned[], std::size_t bytes, std::size_t*, void**)
{
    return bytes;
}

hid_t textType(std::size_t width)
{
    const hid_t type = checked(H5Tcopy(H5T_C_S1));
    checked(H5Tset_size(type, width));
    checked(H5Tset_cset(type, H5T_CSET_UTF8));
    checked(H5Tset_strpad(type, width == H5T_VARIABLE ? H5T_STR_NULLTERM : H5T_STR_NULLPAD));
    return type;
}

std::size_t widest(const std::vector<std::string>& values)
{
    std::size_t width = 1;
    for (const std::string& value : values)
        width = std::max(width, value.size());
    return width;
}

std::string padded(const std::vector<std::string>& values, std::size_t width)
{
    std::string bytes;
    for (std::string value : values) {
        value.resize(width, '\0');
        bytes += value;
    }
    return bytes;
}

hid_t storageProperties(Hdf5Bytes::Storage storage, hsize_t rows, hsize_t columns)
{
    const hid_t properties = checked(H5Pcreate(H5P_DATASET_CREATE));
    if (storage == Hdf5Bytes::Storage::Contiguous)
        return properties;
    const std::array<hsize_t, 2> chunk{std::max<hsize_t>(1, (rows + 2) / 3), columns};
    checked(H5Pset_chunk(properties, 2, chunk.data()));
    if (storage == Hdf5Bytes::Storage::Deflated) {
        checked(H5Pset_shuffle(properties));
        checked(H5Pset_deflate(properties, 6));
        checked(H5Pset_fletcher32(properties));
    } else if (storage == Hdf5Bytes::Storage::UnknownFilter) {
        static const H5Z_class2_t filter{
            H5Z_CLASS_T_VERS, kNobodysFilter, 1, 1, "nobody's", nullptr, nullptr, passThrough};
        checked(H5Zregister(&filter));
        checked(H5Pset_filter(properties, kNobodysFilter, 0, 0, nullptr));
    } else if (storage == Hdf5Bytes::Storage::Early) {
        checked(H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY));
    }
    return properties;
}

} // namespace

Hdf5Bytes::Hdf5Bytes()
{
    const hid_t access = checked(H5Pcreate(H5P_FILE_ACCESS));
    checked(H5Pset_fapl_core(access, kGrow, false));
    static std::atomic<int> count{0}; // The library tells open files apart by name.
    const std::string name = "in memory " + std::to_string(count++);
    m_file = checked(H5Fcreate(name.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access));
    m_linkProperties = checked(H5Pcreate(H5P_LINK_CREATE));
    checked(H5Pset_create_intermediate_group(m_linkProperties, 1));
    H5Pclose(access);
}

Hdf5Bytes::~Hdf5Bytes()
{
    H5Pclose(m_linkProperties);
    H5Fclose(m_file);
}

namespace {

/// Makes a dataset, writes it where there is something to write, and closes what was needed.
void write(hid_t file, hid_t links, const std::string& path, hid_t type,
    const std::vector<hsize_t>& extents, hid_t memoryType, const void* values,
    hid_t properties = H5P_DEFAULT)
{
    const hid_t space = extents.empty()
        ? checked(H5Screate(H5S_SCALAR))
        : checked(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr));
    const hid_t dataset
        = checked(H5Dcreate2(file, path.c_str(), type, space, links, properties, H5P_DEFAULT));
    if (values != nullptr)
        checked(H5Dwrite(dataset, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
    H5Dclose(dataset);
    H5Sclose(space);
}

void writeAttribute(hid_t file, const std::string& path, const std::string& name, hid_t type,
    hid_t space, const void* values)
{
    const hid_t object = checked(H5Oopen(file, path.empty() ? "/" : path.c_str(), H5P_DEFAULT));
    const hid_t attribute
        = checked(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT));
    checked(H5Awrite(attribute, type, values));
    H5Aclose(attribute);
    H5Oclose(object);
    H5Sclose(space);
}

} // namespace

void Hdf5Bytes::matrix(
    const std::string& path, MatrixView values, const std::string& type, Storage storage)
{
    const auto rows = static_cast<hsize_t>(values.rows());
    const auto columns = static_cast<hsize_t>(values.columns());
    const hid_t properties = storageProperties(storage, rows, columns);
    write(m_file, m_linkProperties, path, typeNamed(type), {rows, columns}, H5T_NATIVE_FLOAT,
        storage == Storage::Early ? nullptr : values.data(), properties);
    H5Pclose(properties);
}

void Hdf5Bytes::empty(const std::string& path, std::uint64_t rows, std::uint64_t columns)
{
    const hid_t properties = checked(H5Pcreate(H5P_DATASET_CREATE));
    const std::array<hsize_t, 2> chunk{
        std::min<hsize_t>(rows, 16), std::min<hsize_t>(columns, 1024)};
    checked(H5Pset_chunk(properties, 2, chunk.data()));
    write(m_file, m_linkProperties, path, H5T_IEEE_F32LE, {rows, columns}, H5T_NATIVE_FLOAT,
        nullptr, properties);
    H5Pclose(properties);
}

void Hdf5Bytes::numbers(
    const std::string& path, const std::vector<double>& values, const std::string& type)
{
    write(m_file, m_linkProperties, path, typeNamed(type), {values.size()}, H5T_NATIVE_DOUBLE,
        values.data());
}

void Hdf5Bytes::booleans(const std::string& path, const std::vector<bool>& values)
{
    const hid_t type = checked(H5Tenum_create(H5T_STD_I8LE));
    for (const std::int8_t value : {std::int8_t{0}, std::int8_t{1}})
        checked(H5Tenum_insert(type, value == 0 ? "FALSE" : "TRUE", &value));
    std::vector<std::int8_t> bytes(values.begin(), values.end());
    write(m_file, m_linkProperties, path, type, {values.size()}, type, bytes.data());
    H5Tclose(type);
}

void Hdf5Bytes::texts(
    const std::string& path, const std::vector<std::string>& values, bool isVariable)
{
    const std::size_t width = isVariable ? H5T_VARIABLE : widest(values);
    const hid_t type = textType(width);
    if (isVariable) {
        std::vector<const char*> pointers;
        for (const std::string& value : values)
            pointers.push_back(value.c_str());
        write(m_file, m_linkProperties, path, type, {values.size()}, type, pointers.data());
    } else {
        write(m_file, m_linkProperties, path, type, {values.size()}, type,
            padded(values, width).data());
    }
    H5Tclose(type);
}

void Hdf5Bytes::compound(
    const std::string& path, const std::vector<std::string>& index, MatrixView vec)
{
    const std::size_t width = widest(index);
    const auto columns = static_cast<hsize_t>(vec.columns());
    const std::size_t vecBytes = static_cast<std::size_t>(columns) * sizeof(float);
    const std::size_t size = width + sizeof(double) + vecBytes;
    const hid_t type = checked(H5Tcreate(H5T_COMPOUND, size));
    const hid_t text = textType(width);
    const hid_t array = checked(H5Tarray_create2(H5T_NATIVE_FLOAT, 1, &columns));
    checked(H5Tinsert(type, "index", 0, text));
    checked(H5Tinsert(type, "weight", width, H5T_NATIVE_DOUBLE));
    checked(H5Tinsert(type, "vec", width + sizeof(double), array));
    std::string bytes(size * index.size(), '\0');
    for (std::size_t i = 0; i < index.size(); ++i) {
        char* const row = bytes.data() + i * size;
        const double weight = 0.5 * static_cast<double>(i);
        std::memcpy(row, index[i].data(), index[i].size());
        std::memcpy(row + width, &weight, sizeof weight);
        std::memcpy(row + width + sizeof weight, vec.row(static_cast<Index>(i)), vecBytes);
    }
    write(m_file, m_linkProperties, path, type, {index.size()}, type, bytes.data());
    H5Tclose(array);
    H5Tclose(text);
    H5Tclose(type);
}

void Hdf5Bytes::rows(const std::string& path, const std::vector<std::vector<float>>& values)
{
    const hid_t type = checked(H5Tvlen_create(H5T_NATIVE_FLOAT));
    std::vector<hvl_t> rows;
    for (const std::vector<float>& row : values)
        rows.push_back({row.size(), const_cast<float*>(row.data())});
    write(m_file, m_linkProperties, path, type, {rows.size()}, type, rows.data());
    H5Tclose(type);
}

void Hdf5Bytes::group(const std::string& path)
{
    H5Gclose(checked(H5Gcreate2(m_file, path.c_str(), m_linkProperties, H5P_DEFAULT, H5P_DEFAULT)));
}

void Hdf5Bytes::externalLink(const std::string& path, const std::string& file)
{
    checked(H5Lcreate_external(
        file.c_str(), "/emb", m_file, path.c_str(), m_linkProperties, H5P_DEFAULT));
}

void Hdf5Bytes::externalData(
    const std::string& path, std::uint64_t rows, std::uint64_t columns, const std::string& file)
{
    const hid_t properties = checked(H5Pcreate(H5P_DATASET_CREATE));
    checked(H5Pset_external(properties, file.c_str(), 0, H5F_UNLIMITED));
    write(m_file, m_linkProperties, path, H5T_IEEE_F32LE, {rows, columns}, H5T_NATIVE_FLOAT,
        nullptr, properties);
    H5Pclose(properties);
}

void Hdf5Bytes::virtualData(
    const std::string& path, std::uint64_t rows, std::uint64_t columns, const std::string& file)
{
    const hid_t properties = checked(H5Pcreate(H5P_DATASET_CREATE));
    const std::array<hsize_t, 2> extents{rows, columns};
    const hid_t space = checked(H5Screate_simple(2, extents.data(), nullptr));
    checked(H5Pset_virtual(properties, space, file.c_str(), "/emb", space));
    write(m_file, m_linkProperties, path, H5T_IEEE_F32LE, {rows, columns}, H5T_NATIVE_FLOAT,
        nullptr, properties);
    H5Sclose(space);
    H5Pclose(properties);
}

void Hdf5Bytes::attribute(
    const std::string& path, const std::string& name, const std::string& value)
{
    const hid_t type = textType(H5T_VARIABLE);
    const char* const text = value.c_str();
    writeAttribute(m_file, path, name, type, checked(H5Screate(H5S_SCALAR)), &text);
    H5Tclose(type);
}

void Hdf5Bytes::attribute(
    const std::string& path, const std::string& name, const std::vector<std::string>& values)
{
    const hid_t type = textType(H5T_VARIABLE);
    const hsize_t count = values.size();
    std::vector<const char*> pointers;
    for (const std::string& value : values)
        pointers.push_back(value.c_str());
    writeAttribute(
        m_file, path, name, type, checked(H5Screate_simple(1, &count, nullptr)), pointers.data());
    H5Tclose(type);
}

void Hdf5Bytes::attribute(
    const std::string& path, const std::string& name, const std::vector<std::int64_t>& values)
{
    const hsize_t count = values.size();
    writeAttribute(m_file, path, name, H5T_NATIVE_INT64,
        checked(H5Screate_simple(1, &count, nullptr)), values.data());
}

std::string Hdf5Bytes::bytes()
{
    checked(H5Fflush(m_file, H5F_SCOPE_GLOBAL));
    const auto size = H5Fget_file_image(m_file, nullptr, 0);
    std::string bytes(static_cast<std::size_t>(std::max<ssize_t>(0, size)), '\0');
    checked(H5Fget_file_image(m_file, bytes.data(), bytes.size()));
    return bytes;
}

std::string annDataBytes(Index rows, bool isDeflated)
{
    using Storage = Hdf5Bytes::Storage;
    const auto storage = isDeflated ? Storage::Deflated : Storage::Contiguous;
    const auto n = static_cast<std::size_t>(rows);
    Hdf5Bytes file;
    file.matrix("X", normalMatrix(rows, 6, 1), "float64", storage);
    file.matrix("obsm/X_pca", normalMatrix(rows, 4, 2), "float32", storage);
    file.matrix("obsm/X_umap", normalMatrix(rows, 2, 3), "float32", storage);
    std::vector<std::string> names;
    std::vector<double> codes;
    std::vector<double> numbers;
    std::vector<bool> mask;
    std::vector<bool> flags;
    for (std::size_t i = 0; i < n; ++i) {
        names.push_back("cell " + std::to_string(i));
        codes.push_back(i % 4 == 3 ? -1 : static_cast<double>(2 - i % 3));
        numbers.push_back(static_cast<double>(i) / 4);
        mask.push_back(i % 5 == 4);
        flags.push_back(i % 2 == 1);
    }
    file.texts("obs/_index", names, true);
    file.numbers("obs/kind/codes", codes, "int8");
    file.texts("obs/kind/categories", {"alpha", "beta", "gamma"}, true);
    file.numbers("obs/score", numbers);
    file.numbers("obs/maybe/values", numbers, "int64");
    file.booleans("obs/maybe/mask", mask);
    file.booleans("obs/flag", flags);
    file.texts("var/_index", {"g0", "g1", "g2", "g3", "g4", "g5"}, true);
    file.attribute("", "encoding-type", "anndata");
    file.attribute("obs", "encoding-type", "dataframe");
    file.attribute("obs", "_index", "_index");
    file.attribute(
        "obs", "column-order", std::vector<std::string>{"score", "kind", "maybe", "flag"});
    file.attribute("obs/kind", "encoding-type", "categorical");
    file.attribute("obs/maybe", "encoding-type", "nullable-integer");
    file.attribute("var", "encoding-type", "dataframe");
    file.attribute("var", "_index", "_index");
    file.attribute("var", "column-order", std::vector<std::string>{"none"});
    return file.bytes();
}

} // namespace embedscope::test
