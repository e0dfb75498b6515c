#include "tests/support/samples.h"

#include "core/base/text.h"
#include "core/io/hdf5/hdf5_helper.h"
#include "tests/support/arrow_bytes.h"
#include "tests/support/fasttext_bytes.h"
#include "tests/support/finalfusion_bytes.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/hdf5_bytes.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/parquet_bytes.h"
#include "tests/support/pickle_bytes.h"
#include "tests/support/png_bytes.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_data.h"
#include "tests/support/zip_bytes.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace embedscope::test {

namespace {

constexpr Index kDimensions = 4;

Matrix values(Index rows)
{
    return normalMatrix(rows, kDimensions, 11);
}

std::string word(Index row)
{
    return (row % 5 == 3 ? "z\xc3\xbc" : "w") + std::to_string(row);
}

std::string numbers(const Matrix& matrix, Index row, char separator)
{
    std::string text;
    for (Index j = 0; j < matrix.columns(); ++j)
        text += (j > 0 ? std::string(1, separator) : "") + formatNumber(matrix(row, j));
    return text;
}

std::string table(Index rows, char separator, bool hasLabels)
{
    const Matrix matrix = values(rows);
    std::string text;
    for (Index i = 0; i < rows; ++i)
        text += (hasLabels ? word(i) + separator : "") + numbers(matrix, i, separator) + '\n';
    return text;
}

std::string floatBytes(const Matrix& matrix)
{
    return std::string(reinterpret_cast<const char*>(matrix.data()),
        static_cast<std::size_t>(matrix.size()) * sizeof(float));
}

std::string npyTable(Index rows)
{
    return npy("<f4", '(' + std::to_string(rows) + ", 4)", floatBytes(values(rows)));
}

SampleFile npySample(Index rows)
{
    return {npyTable(rows), {}};
}

SampleFile npzSample(Index rows)
{
    std::string words;
    for (Index i = 0; i < rows; ++i) {
        std::string cell = 'w' + std::to_string(i);
        cell.resize(8, '\0');
        words += cell;
    }
    return {zipOf({{"vectors.npy", npyTable(rows)},
                      {"words.npy", npy("|S8", '(' + std::to_string(rows) + ",)", words)}},
                true),
        {}};
}

SampleFile safetensorsSample(Index rows)
{
    return {
        safetensors({{"norm", "F32", "[4]", std::string(16, '\1')},
            {"embed_tokens", "F32", '[' + std::to_string(rows) + ",4]", floatBytes(values(rows))}}),
        {}};
}

SampleFile ggufSample(Index rows)
{
    std::vector<std::string> tokens;
    for (Index i = 0; i < rows; ++i)
        tokens.push_back(word(i));
    return {gguf({ggufKey("tokenizer.ggml.model", std::string("llama")),
                     ggufKey("tokenizer.ggml.tokens", tokens)},
                {{"token_embd.weight", 0, {4, static_cast<std::uint64_t>(rows)},
                    floatBytes(values(rows))}}),
        {}};
}

SampleFile pytorchSample(Index rows)
{
    return {pickled::torchZip(pickled::dict({{"embedding.weight", pickled::matrix("0", rows, 4)}}),
                {{"0", floatBytes(values(rows))}}),
        {}};
}

SampleFile shardsSample(Index rows)
{
    return {"{\"metadata\": {\"total_size\": 1}, \"weight_map\": {\"embed_tokens.weight\": "
            "\"part-1.safetensors\", \"norm.weight\": \"part-2.safetensors\"}}\n",
        {{"part-1.safetensors",
             safetensors({{"embed_tokens.weight", "F32", '[' + std::to_string(rows) + ",4]",
                 floatBytes(values(rows))}})},
            {"part-2.safetensors",
                safetensors({{"norm.weight", "F32", "[4]", std::string(16, '\1')}})}}};
}

SampleFile inversionPngSample(Index rows)
{
    const Matrix matrix = values(rows);
    const std::vector<float> all(matrix.data(), matrix.data() + matrix.size());
    const std::string json = carriedInversion("sample", kDimensions, all);
    return {png(4, 4, std::string(48, '\x55'),
                pngChunk("tEXt", std::string("sd-ti-embedding\0", 16) + base64(json))),
        {}};
}

SampleFile fastTextSample(Index rows)
{
    FastTextBytes model;
    model.dimensions = kDimensions;
    model.bucket = 7;
    model.minn = 2;
    model.maxn = 3;
    for (Index i = 0; i < rows; ++i)
        model.words.push_back(word(i));
    model.input = floatBytes(values(rows + model.bucket));
    return {fastText(model), {}};
}

SampleFile finalfusionSample(Index rows)
{
    std::vector<std::string> words;
    for (Index i = 0; i < rows; ++i)
        words.push_back(word(i));
    return {finalfusion({{finalfusionVocabulary(3, words), ""},
                {finalfusionArray(static_cast<std::size_t>(rows), kDimensions),
                    floatBytes(values(rows))}}),
        {}};
}

SampleFile vecsSample(Index rows)
{
    const Matrix matrix = values(rows);
    std::string bytes;
    for (Index i = 0; i < rows; ++i) {
        bytes += packed<std::int32_t>({kDimensions})
            + std::string(
                reinterpret_cast<const char*>(matrix.row(i)), kDimensions * sizeof(float));
    }
    return {bytes, {}};
}

SampleFile binaryVectorsSample(Index rows)
{
    return {
        packed<std::uint32_t>({static_cast<double>(rows), kDimensions}) + floatBytes(values(rows)),
        {}};
}

SampleFile matrixMarketSample(Index rows)
{
    const Matrix matrix = values(rows);
    std::string text
        = "%%MatrixMarket matrix array real general\n% made here\n" + std::to_string(rows) + " 4\n";
    for (Index j = 0; j < kDimensions; ++j) {
        for (Index i = 0; i < rows; ++i)
            text += formatNumber(matrix(i, j)) + '\n';
    }
    return {text, {}};
}

SampleFile hdf5Sample(Index rows)
{
    Hdf5Bytes file;
    file.matrix("emb", values(rows));
    std::vector<std::string> names;
    for (Index i = 0; i < rows; ++i)
        names.push_back(word(i));
    file.texts("words", names, false);
    return {file.bytes(), {}};
}

SampleFile word2VecTextSample(Index rows)
{
    return {std::to_string(rows) + " 4\n" + table(rows, ' ', true), {}};
}

SampleFile gloveSample(Index rows)
{
    return {table(rows, ' ', true), {}};
}

SampleFile word2VecBinarySample(Index rows)
{
    const Matrix matrix = values(rows);
    std::string bytes = std::to_string(rows) + " 4\n";
    for (Index i = 0; i < rows; ++i) {
        bytes += word(i) + ' '
            + std::string(reinterpret_cast<const char*>(matrix.row(i)), kDimensions * sizeof(float))
            + '\n';
    }
    return {bytes, {}};
}

SampleFile jsonSample(Index rows)
{
    const Matrix matrix = values(rows);
    std::string text;
    for (Index i = 0; i < rows; ++i) {
        text += R"({"word": ")" + word(i) + R"(", "vector": [)" + numbers(matrix, i, ',')
            + "], \"count\": " + std::to_string(i) + "}\n";
    }
    return {text, {}};
}

SampleFile csvSample(Index rows)
{
    return {"word,a,b,c,d\n" + table(rows, ',', true), {}};
}

SampleFile tsvSample(Index rows)
{
    return {table(rows, '\t', false), {}};
}

std::string projectorConfig(Index rows, const std::string& tensor)
{
    return "{\"embeddings\": [{\"tensorName\": \"T\", \"tensorShape\": [" + std::to_string(rows)
        + ", 4], \"tensorPath\": \"" + tensor + "\", \"metadataPath\": \"words.tsv\"}]}\n";
}

std::string words(Index rows)
{
    std::string text;
    for (Index i = 0; i < rows; ++i)
        text += word(i) + '\n';
    return text;
}

SampleFile projectorSample(Index rows)
{
    return {projectorConfig(rows, "oss_data/tensors.tsv"),
        {{"tensors.tsv", table(rows, '\t', false)}, {"words.tsv", words(rows)}}};
}

SampleFile rawFloatsSample(Index rows)
{
    return {floatBytes(values(rows)),
        {{"raw_config.json", projectorConfig(rows, "sample.bytes")}, {"words.tsv", words(rows)}}};
}

SampleFile arrowSample(Index rows)
{
    const Index first = (rows + 1) / 2;
    const Matrix matrix = values(rows);
    ArrowTableBytes table;
    ArrowDictionaryBytes groups;
    groups.values = arrowTexts("group", {"odd", "even"});
    table.dictionaries = {{0, groups}};
    for (Index begin = 0; begin == 0 || begin < rows; begin += first) {
        const Index end = std::min(rows, begin + first);
        std::vector<std::optional<std::string>> labels;
        std::vector<std::int8_t> codes;
        Matrix part = Matrix::zeros(end - begin, kDimensions);
        std::copy(matrix.row(begin), matrix.row(begin) + part.size(), part.data());
        for (Index i = begin; i < end; ++i) {
            labels.push_back(word(i));
            codes.push_back(static_cast<std::int8_t>(i % 2));
        }
        table.batches.push_back({arrowTexts("label", labels), arrowCoded("group", 0, codes),
            arrowVectors("vector", part)});
    }
    return {arrowFile(table), {}};
}

SampleFile parquetSample(Index rows)
{
    using parquet::Layout;
    const Matrix matrix = values(rows);
    std::vector<std::string> numbers;
    for (Index i = 0; i < matrix.size(); ++i)
        numbers.push_back(plain(matrix.data()[i]));
    ParquetColumnBytes labels;
    labels.name = "label";
    labels.type = parquet::ByteArray;
    labels.converted = parquet::Utf8;
    labels.encoding = parquet::DeltaBytes;
    labels.codec = parquet::Zstd;
    labels.groups.resize(1);
    for (Index i = 0; i < rows; ++i)
        labels.groups[0].values.push_back(word(i));
    ParquetColumnBytes groups;
    groups.name = "group";
    groups.type = parquet::Int32;
    groups.encoding = parquet::RleDictionary;
    groups.groups.resize(1);
    for (Index i = 0; i < rows; ++i)
        groups.groups[0].values.push_back(plain(static_cast<std::int32_t>(i % 3)));
    ParquetColumnBytes vectors;
    vectors.name = "vector";
    vectors.layout = Layout::List3;
    vectors.codec = rows > 20 ? parquet::Snappy : parquet::Uncompressed;
    vectors.isVersion2 = true;
    vectors.entriesPerPage = 4000;
    vectors.groups = {listEntries(numbers, kDimensions, Layout::List3)};
    return {parquetFile({labels, groups, vectors}, {rows}), {}};
}

constexpr auto kMakers = std::to_array<SampleMaker>({
    {"npy", "npy", npySample},
    {"npz", "npz", npzSample},
    {"safetensors", "safetensors", safetensorsSample},
    {"gguf", "gguf", ggufSample},
    {"pytorch", "pt", pytorchSample},
    {"fasttext", "bin", fastTextSample},
    {"finalfusion", "fifu", finalfusionSample},
    {"arrow", "arrow", arrowSample},
    {"parquet", "parquet", parquetSample},
    {"vecs", "fvecs", vecsSample, false},
    {"fbin", "fbin", binaryVectorsSample, false},
    {"matrix-market", "mtx", matrixMarketSample},
    {"word2vec-binary", "bin", word2VecBinarySample},
    {"hdf5", "h5", hdf5Sample},
    {"word2vec-text", "txt", word2VecTextSample},
    {"glove", "txt", gloveSample},
    {"json", "jsonl", jsonSample},
    {"csv", "csv", csvSample},
    {"tsv", "tsv", tsvSample},
    {"shards", "json", shardsSample},
    {"inversion-png", "png", inversionPngSample},
    {"projector", "json", projectorSample},
    {"bytes", "bytes", rawFloatsSample, false},
});

} // namespace

std::span<const SampleMaker> sampleMakers()
{
    // Programs of tests do not lie where the helper does.
    static const bool isFound = (setHdf5HelperProgram(EMBEDSCOPE_HDF5_HELPER), true);
    static_cast<void>(isFound);
    return kMakers;
}

const SampleMaker* sampleMaker(std::string_view format)
{
    for (const SampleMaker& maker : kMakers) {
        if (maker.format == format)
            return &maker;
    }
    return nullptr;
}

} // namespace embedscope::test
