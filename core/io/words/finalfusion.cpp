#include "core/base/text.h"
#include "core/io/readers.h"
#include "core/io/words/finalfusion_chunks.h"

namespace embedscope {

namespace {

bool isVocabulary(FinalfusionChunkId id)
{
    return id == FinalfusionChunkId::SimpleVocabulary || id == FinalfusionChunkId::BucketVocabulary
        || id == FinalfusionChunkId::FastTextVocabulary
        || id == FinalfusionChunkId::ExplicitVocabulary;
}

std::string describeVocabulary(FinalfusionChunkId id)
{
    if (id == FinalfusionChunkId::SimpleVocabulary)
        return "a plain vocabulary";
    return id == FinalfusionChunkId::ExplicitVocabulary
        ? "a vocabulary with n-grams of its own, which are no rows"
        : "a vocabulary with n-grams in buckets, which are no rows";
}

} // namespace

Confidence recognizeFinalfusion(const FileHead& head)
{
    if (head.bytes.starts_with("FiFu"))
        return Confidence::Certain;
    return Confidence::No;
}

Result<Table> readFinalfusion(
    const ByteSource& source, const ReadOptions&, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto chunks, readFinalfusionChunks(source));
    const FinalfusionChunk* vocabulary = nullptr;
    const FinalfusionChunk* array = nullptr;
    const FinalfusionChunk* norms = nullptr;
    bool isFloret = false;
    for (const FinalfusionChunk& chunk : chunks) {
        isFloret = isFloret || chunk.id == FinalfusionChunkId::FloretVocabulary;
        if (isVocabulary(chunk.id) && vocabulary == nullptr)
            vocabulary = &chunk;
        if ((chunk.id == FinalfusionChunkId::Array
                || chunk.id == FinalfusionChunkId::QuantisedArray)
            && array == nullptr)
            array = &chunk;
        if (chunk.id == FinalfusionChunkId::Norms)
            norms = &chunk;
    }
    if (isFloret) {
        return Error{ErrorCode::Unsupported,
            "this finalfusion file holds floret embeddings, which have n-grams alone and no words",
            source.path(), {}, {}};
    }
    if (vocabulary == nullptr || array == nullptr) {
        return Error{ErrorCode::Malformed,
            vocabulary == nullptr ? "the finalfusion file has no vocabulary"
                                  : "the finalfusion file has no vectors",
            source.path(), {}, {}};
    }
    Table table;
    EMBEDSCOPE_TRY_ASSIGN(
        TextValues words, readFinalfusionWords(source, *vocabulary, progress.part(0, 0.2)));
    const Index rows = words.size();
    EMBEDSCOPE_TRY_ASSIGN(
        table.vectors, readFinalfusionArray(source, *array, rows, progress.part(0.2, 1)));
    table.columns.emplace_back("label", std::move(words));
    table.labelColumn = 0;
    if (norms != nullptr) {
        EMBEDSCOPE_TRY_ASSIGN(NumberValues values, readFinalfusionNorms(source, *norms, rows));
        table.columns.emplace_back("norm", std::move(values));
        table.provenance.notes.push_back(
            "The vectors are of unit length, as the file has them; the column \"norm\" gives the "
            "lengths that they had.");
    }
    const bool isQuantised = array->id == FinalfusionChunkId::QuantisedArray;
    table.provenance.dtype = isQuantised ? "quantised" : "float32";
    table.provenance.notes.push_back("finalfusion embeddings with "
        + describeVocabulary(vocabulary->id)
        + (isQuantised ? "; quantised, so that the vectors are approximate." : "."));
    return table;
}

} // namespace embedscope
