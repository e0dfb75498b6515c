// Writes the samples of every format as first inputs for the fuzz targets: FOLDER/<format>/ and,
// for the target that opens any file, FOLDER/open/.

#include "tests/support/archive_bytes.h"
#include "tests/support/hdf5_answers.h"
#include "tests/support/pickle_bytes.h"
#include "tests/support/samples.h"
#include "tests/support/test_data.h"
#include "tests/support/tokenizer_bytes.h"
#include "tests/support/torch_tar_bytes.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

int main(int count, char** arguments)
{
    using namespace embedscope::test;
    if (count != 2) {
        std::fprintf(stderr, "usage: write_corpus FOLDER\n");
        return 2;
    }
    const std::filesystem::path folder = arguments[1];
    for (const SampleMaker& maker : sampleMakers()) {
        std::string name(maker.format);
        std::replace(name.begin(), name.end(), '-', '_');
        for (const std::string& target : {name, std::string("open")}) {
            std::filesystem::create_directories(folder / target);
            for (const embedscope::Index rows : {1, 3, 20}) {
                writeFile((folder / target / (name + "_sample_" + std::to_string(rows))).string(),
                    maker.make(rows).bytes);
            }
        }
    }
    int number = 0;
    for (const std::string& bytes : wrappedSamples()) {
        for (const std::string target : {"archive", "open"}) {
            std::filesystem::create_directories(folder / target);
            writeFile(
                (folder / target / ("archive_sample_" + std::to_string(number))).string(), bytes);
        }
        ++number;
    }
    for (const embedscope::Index rows : {1, 3, 20}) { // PyTorch's containers before ZIP
        const std::string matrix = pickled::dict({{"w", pickled::matrix("0", rows, 4)}});
        const std::string values(static_cast<std::size_t>(rows) * 16, '\x3e');
        for (const std::string target : {"pytorch", "open"}) {
            const std::string number = std::to_string(rows);
            writeFile((folder / target / ("pytorch_legacy_" + number)).string(),
                pickled::torchLegacy(matrix, {{"0", values}}));
            writeFile((folder / target / ("pytorch_tar_" + number)).string(),
                pickled::torchTarSample(rows));
        }
    }
    writeFile((folder / "projector" / "pbtxt").string(),
        "embeddings {\n  tensor_name: \"w:0\" tensor_shape: 3 tensor_shape: 2\n  tensor_path: "
        "\"t.tsv\" metadata_path: 'm.tsv'\n  sprite { image_path: \"s.png\" single_image_dim: [8, "
        "8] "
        "}\n}\n");
    // What that target reads are the answers of a helper.
    for (const embedscope::Index rows : {1, 3, 20}) {
        writeFile((folder / "hdf5" / ("answers_" + std::to_string(rows))).string(),
            hdf5AnswersSample(rows));
    }
    const std::filesystem::path tokenizers = folder / "tokenizer";
    std::filesystem::create_directories(tokenizers);
    for (const auto& [name, bytes] : tokenizerSamples())
        writeFile((tokenizers / name).string(), bytes);
    return 0;
}
