#include "core/io/readers.h"

#include <array>

namespace embedscope {

namespace {

using Extensions = std::span<const std::string_view>;

constexpr std::array<std::string_view, 1> kNpy{"npy"};
constexpr std::array<std::string_view, 1> kNpz{"npz"};
constexpr std::array<std::string_view, 1> kWord2VecBinary{"bin"};
constexpr std::array<std::string_view, 4> kWord2VecText{"vec", "txt", "w2v", "word2vec"};
constexpr std::array<std::string_view, 1> kSafetensors{"safetensors"};
constexpr std::array<std::string_view, 4> kVecs{"fvecs", "bvecs", "ivecs", "hvecs"};
constexpr std::array<std::string_view, 4> kBinaryVectors{"fbin", "u8bin", "i8bin", "ibin"};
constexpr std::array<std::string_view, 1> kGguf{"gguf"};
constexpr std::array<std::string_view, 3> kPyTorch{"pt", "pth", "ckpt"};
constexpr std::array<std::string_view, 1> kShards{"json"};
constexpr std::array<std::string_view, 1> kInversionPng{"png"};
constexpr std::array<std::string_view, 2> kFastText{"bin", "ftz"};
constexpr std::array<std::string_view, 2> kFinalfusion{"fifu", "finalfusion"};
constexpr std::array<std::string_view, 4> kArrow{"arrow", "arrows", "feather", "ipc"};
constexpr std::array<std::string_view, 2> kParquet{"parquet", "pq"};
constexpr std::array<std::string_view, 2> kGlove{"txt", "glove"};
constexpr std::array<std::string_view, 3> kJson{"jsonl", "ndjson", "json"};
constexpr std::array<std::string_view, 1> kCsv{"csv"};
constexpr std::array<std::string_view, 2> kTsv{"tsv", "tab"};
constexpr std::array<std::string_view, 2> kProjector{"json", "pbtxt"};
constexpr std::array<std::string_view, 1> kMatrixMarket{"mtx"};
constexpr std::array<std::string_view, 4> kHdf5{"h5", "hdf5", "h5ad", "he5"};
constexpr std::array<std::string_view, 1> kRawFloats{"bytes"};

} // namespace

std::span<const Format> formats()
{
    static const auto rows = std::to_array<Format>({
        {"npy", "NumPy array",
            "One table of numbers of any type and order, versions 1 to 3; no Python objects.",
            Extensions(kNpy), "application/x-npy", recognizeNpy, readNpy},
        {"npz", "NumPy archive",
            "The array that looks like a table, stored or deflated; arrays of its length beside it "
            "as columns.",
            Extensions(kNpz), "application/x-npz", recognizeNpz, readNpz, listNpz},
        {"gguf", "GGUF model",
            "The token table or the tensor asked for, of every plain, Q and K type, with the "
            "tokens as labels.",
            Extensions(kGguf), "application/x-gguf", recognizeGguf, readGguf, listGguf},
        {"pytorch", "PyTorch",
            "A tensor of a checkpoint or module, ZIP, the older form or TAR, without running any "
            "of "
            "its code; textual inversions.",
            Extensions(kPyTorch), "application/x-pytorch", recognizePyTorch, readPyTorch,
            listPyTorch},
        {"fasttext", "fastText model",
            "Words with the mean of their rows and their n-grams', or the labels of a classifier; "
            "dense and quantised.",
            Extensions(kFastText), "application/x-fasttext", recognizeFastText, readFastText},
        {"finalfusion", "finalfusion",
            "Words with their vectors, plain or quantised (PQ, OPQ), with any vocabulary that has "
            "words; norms as a column.",
            Extensions(kFinalfusion), "application/x-finalfusion", recognizeFinalfusion,
            readFinalfusion},
        {"arrow", "Arrow table",
            "Files and streams of Arrow IPC, Feather 1 and 2: vectors as lists of numbers in a "
            "column, or a column for each dimension; the other columns beside them.",
            Extensions(kArrow), "application/vnd.apache.arrow.file", recognizeArrow, readArrow,
            listArrow},
        {"parquet", "Parquet table",
            "Vectors as lists of numbers in a column, or a column for each dimension; the other "
            "columns beside them.",
            Extensions(kParquet), "application/vnd.apache.parquet", recognizeParquet, readParquet,
            listParquet},
        {"vecs", "TEXMEX vectors",
            "Rows that begin with their dimension: float32, uint8, int32, float16.",
            Extensions(kVecs), "application/x-fvecs", recognizeVecs, readVecs},
        {"fbin", "DiskANN vectors",
            "Counts, then the values: float32, uint8, int8, int32, as the extension says.",
            Extensions(kBinaryVectors), "application/x-fbin", recognizeBinaryVectors,
            readBinaryVectors},
        {"matrix-market", "Matrix Market",
            "Matrices of real numbers, dense or sparse, general, symmetric or skew; sparse ones as "
            "dense tables.",
            Extensions(kMatrixMarket), "application/x-matrix-market", recognizeMatrixMarket,
            readMatrixMarket},
        {"word2vec-binary", "word2vec binary", "As the C tool and gensim write it.",
            Extensions(kWord2VecBinary), "application/x-word2vec", recognizeWord2VecBinary,
            readWord2VecBinary},
        {"safetensors", "safetensors",
            "The tensor that looks most like a table, or the one asked for; textual inversions.",
            Extensions(kSafetensors), "application/x-safetensors", recognizeSafetensors,
            readSafetensors, listSafetensors},
        {"hdf5", "HDF5",
            "AnnData (X, obsm and layers with obs), ann-benchmarks, Keras weights, and any dataset "
            "with the columns beside it.",
            Extensions(kHdf5), "application/x-hdf", recognizeHdf5, readHdf5, listHdf5},
        {"word2vec-text", "word2vec text",
            "A line of counts, then a line for each word: word2vec, gensim, and .vec of fastText.",
            Extensions(kWord2VecText), "text/plain", recognizeWord2VecText, readWord2VecText},
        {"glove", "GloVe text", "A line for each word, without a line of counts.",
            Extensions(kGlove), "text/plain", recognizeGloveText, readGloveText},
        {"json", "JSON table",
            "Objects or lists of numbers, one a line or in a list; words with their vectors.",
            Extensions(kJson), "application/x-ndjson", recognizeJson, readJson},
        {"csv", "CSV table",
            "Commas, semicolons or bars; vectors as columns of numbers or as a list in one column.",
            Extensions(kCsv), "text/csv", recognizeCsv, readCsv},
        {"tsv", "TSV table",
            "Tabs; with or without a header, as the TensorFlow projector reads them.",
            Extensions(kTsv), "text/tab-separated-values", recognizeTsv, readTsv},
        {"shards", "Sharded checkpoint",
            "The index of a checkpoint in several files (safetensors or PyTorch), as one; only the "
            "file that holds the table is read.",
            Extensions(kShards), "application/json", recognizeShards, readShards, listShards},
        {"inversion-png", "Textual inversion picture",
            "A picture that carries a textual inversion, in its text or in its pixels.",
            Extensions(kInversionPng), "image/png", recognizeInversionPng, readInversionPng,
            listInversionPng},
        {"projector", "TensorFlow projector",
            "A configuration (JSON, or pbtxt as TensorBoard and PyTorch write it) with its table "
            "(.tsv, .bytes or .npy), metadata and sprite.",
            Extensions(kProjector), "application/json", recognizeProjector, readProjector,
            listProjector},
        {"bytes", "Raw numbers",
            "float32 or another type without a header; needs a shape or the configuration beside "
            "it.",
            Extensions(kRawFloats), "application/octet-stream", recognizeRawFloats, readRawFloats},
    });
    return rows;
}

} // namespace embedscope
