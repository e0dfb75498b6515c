#include "core/io/tokens/token_table.h"

#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/tokens/token_columns.h"

#include <array>
#include <filesystem>

namespace embedscope {

namespace {

namespace fs = std::filesystem;

constexpr auto kFileNames
    = std::to_array<std::string_view>({"tokenizer.json", "vocab.json", "encoder.json", "vocab.txt",
        "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "sentencepiece.model",
        "tokenizer.bin", "bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt"});

/// Whether tokens of that number can name the rows of a table of that name. A name that says
/// "tokens" may have rows to spare; any other must fit exactly.
bool fits(std::size_t tokens, Index rows, bool isNamedSo)
{
    const auto count = static_cast<Index>(tokens);
    return count == rows || (isNamedSo && count < rows && count >= rows / 2);
}

void append(Table& table, const Vocabulary& vocabulary)
{
    Columns columns = tokenColumns(vocabulary, table.fileRows(), table.warnings);
    table.labelColumn = table.columns.size();
    for (Column& column : columns)
        table.columns.push_back(std::move(column));
    table.provenance.companions.push_back(vocabulary.path);
    table.provenance.notes.push_back("The rows are named by "
        + printable(fs::path(vocabulary.path).filename().string()) + ": "
        + formatCount(static_cast<std::int64_t>(vocabulary.size())) + " tokens (" + vocabulary.kind
        + ").");
}

std::string tooMany(const Vocabulary& vocabulary, Index rows)
{
    return "The tokenizer " + printable(fs::path(vocabulary.path).filename().string()) + " has "
        + formatCount(static_cast<std::int64_t>(vocabulary.size())) + " tokens, the table "
        + formatCount(rows) + " rows; the rows are not labelled.";
}

} // namespace

std::vector<std::string> findTokenizers(const std::string& checkpointPath)
{
    const fs::path folder = fs::path(checkpointPath).parent_path();
    std::vector<fs::path> folders{folder, folder / "tokenizer"};
    std::error_code failed;
    const fs::path whole = fs::absolute(folder.empty() ? fs::path(".") : folder, failed);
    const std::string name = failed
        ? std::string()
        : (whole / "").lexically_normal().parent_path().filename().string();
    if (name == "text_encoder")
        folders.push_back(folder / ".." / "tokenizer");
    else if (name.starts_with("text_encoder_"))
        folders.push_back(
            folder / ".." / ("tokenizer" + name.substr(std::string("text_encoder").size())));
    std::vector<std::string> found;
    for (const fs::path& place : folders) {
        for (const std::string_view file : kFileNames) {
            const fs::path candidate = place / file;
            if (fs::is_regular_file(candidate, failed))
                found.push_back(candidate.string());
        }
    }
    return found;
}

Status labelTokens(Table& table, const std::string& checkpointPath, const ReadOptions& options,
    const Progress& progress)
{
    const Index rows = table.fileRows();
    if (!options.tokenizerPath.empty()) {
        EMBEDSCOPE_TRY_ASSIGN(const auto source, openFile(options.tokenizerPath));
        EMBEDSCOPE_TRY_ASSIGN(const Vocabulary vocabulary, readVocabulary(*source, progress));
        if (static_cast<Index>(vocabulary.size()) > rows)
            table.warnings.push_back(tooMany(vocabulary, rows));
        else
            append(table, vocabulary);
        return {};
    }
    const std::string& tensor = table.provenance.tensor;
    if (table.labelColumn || table.provenance.tensors.empty() || rows < 2)
        return {};
    const bool isNamedSo = isNamedLikeTokens(tensor);
    std::string reason;
    for (const std::string& path : findTokenizers(checkpointPath)) {
        if (path == checkpointPath)
            continue;
        const auto source = openFile(path);
        if (!source)
            continue;
        const auto vocabulary = readVocabulary(**source, progress);
        if (!vocabulary && vocabulary.error().code == ErrorCode::Stopped)
            return vocabulary.error();
        if (vocabulary && fits(vocabulary->size(), rows, isNamedSo)) {
            append(table, *vocabulary);
            return {};
        }
        if (!reason.empty())
            continue;
        if (!vocabulary) {
            reason = "The tokenizer could not be read, so the rows are not labelled: "
                + describe(vocabulary.error());
        } else {
            reason = tooMany(*vocabulary, rows);
        }
    }
    if (isNamedSo && !reason.empty())
        table.warnings.push_back(std::move(reason));
    return {};
}

Result<std::shared_ptr<const Dataset>> withTokenizerFile(
    const std::shared_ptr<const Dataset>& dataset, const std::string& path,
    const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto source, openFile(path));
    EMBEDSCOPE_TRY_ASSIGN(const Vocabulary vocabulary, readVocabulary(*source, progress));
    if (static_cast<Index>(vocabulary.size()) > dataset->size()) {
        return Error{ErrorCode::InvalidArgument,
            "the tokenizer has " + formatCount(static_cast<Index>(vocabulary.size()))
                + " tokens and the table " + formatCount(dataset->size())
                + " rows, so they do not belong together",
            path, {}, {}};
    }
    std::vector<std::string> warnings;
    Columns columns = tokenColumns(vocabulary, dataset->size(), warnings);
    const std::size_t label = dataset->columns().size();
    EMBEDSCOPE_TRY_ASSIGN(
        auto labelled, dataset->withColumns(std::move(columns), 0, std::move(warnings), path));
    return labelled->withLabelColumn(label);
}

} // namespace embedscope
