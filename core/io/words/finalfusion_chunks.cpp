#include "core/io/words/finalfusion_chunks.h"

#include "core/base/text.h"
#include "core/io/bytes/byte_cursor.h"
#include "core/io/bytes/elements.h"
#include "core/io/bytes/read_blocks.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::string_view kMagic = "FiFu";
constexpr std::string_view kWhat = "finalfusion file";
constexpr std::uint32_t kMaxChunks = 64;
constexpr std::uint32_t kMaxWordBytes = std::uint32_t{1} << 20U;

Error malformed(const ByteSource& source, std::uint64_t at, std::string detail)
{
    return Error{ErrorCode::Malformed, std::move(detail), source.path(), at, {}};
}

} // namespace

Result<std::vector<FinalfusionChunk>> readFinalfusionChunks(const ByteSource& source)
{
    ByteCursor cursor(source, kWhat);
    EMBEDSCOPE_TRY_ASSIGN(const std::string magic, cursor.text(kMagic.size()));
    if (magic != kMagic)
        return malformed(source, 0, "this is no finalfusion file");
    EMBEDSCOPE_TRY_ASSIGN(const auto version, cursor.number<std::uint32_t>());
    if (version != 0) {
        return Error{ErrorCode::Unsupported,
            "the finalfusion file is of version " + formatCount(version)
                + ", and version 0 is what is read",
            source.path(), {}, {}};
    }
    EMBEDSCOPE_TRY_ASSIGN(const auto count, cursor.number<std::uint32_t>());
    if (count == 0 || count > kMaxChunks)
        return malformed(
            source, cursor.position(), "the finalfusion file lists no sensible chunks");
    std::vector<FinalfusionChunk> chunks(count);
    for (FinalfusionChunk& chunk : chunks) {
        EMBEDSCOPE_TRY_ASSIGN(const auto id, cursor.number<std::uint32_t>());
        chunk.id = static_cast<FinalfusionChunkId>(id);
    }
    for (FinalfusionChunk& chunk : chunks) {
        EMBEDSCOPE_TRY_ASSIGN(const auto id, cursor.number<std::uint32_t>());
        EMBEDSCOPE_TRY_ASSIGN(const auto bytes, cursor.number<std::uint64_t>());
        if (id != static_cast<std::uint32_t>(chunk.id)) {
            return malformed(source, cursor.position(),
                "a chunk of the finalfusion file is not the one that its header lists");
        }
        chunk.begin = cursor.position();
        EMBEDSCOPE_TRY(cursor.skip(bytes));
        chunk.end = cursor.position();
    }
    return chunks;
}

Result<TextValues> readFinalfusionWords(
    const ByteSource& source, const FinalfusionChunk& chunk, const Progress& progress)
{
    ByteCursor cursor(source, kWhat);
    cursor.seek(chunk.begin);
    EMBEDSCOPE_TRY_ASSIGN(const auto count, cursor.number<std::uint64_t>());
    if (chunk.id == FinalfusionChunkId::ExplicitVocabulary)
        EMBEDSCOPE_TRY(cursor.skip(sizeof(std::uint64_t) + 2 * sizeof(std::uint32_t)));
    else if (chunk.id != FinalfusionChunkId::SimpleVocabulary)
        EMBEDSCOPE_TRY(cursor.skip(3 * sizeof(std::uint32_t)));
    const auto left = [&] { return chunk.end - std::min(cursor.position(), chunk.end); };
    if (count == 0)
        return malformed(source, chunk.begin, "the vocabulary of the finalfusion file is empty");
    if (count > left() / sizeof(std::uint32_t)) {
        return malformed(source, chunk.begin,
            "the vocabulary claims " + std::to_string(count)
                + " words, more than its bytes can hold");
    }
    TextValues words;
    for (std::uint64_t i = 0; i < count; ++i) {
        constexpr std::uint64_t kBetweenLooks = 4096;
        if (i % kBetweenLooks == 0) {
            if (progress.stopRequested())
                return stoppedError();
            progress.report("Reading words", static_cast<double>(i) / static_cast<double>(count));
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto bytes, cursor.number<std::uint32_t>());
        if (bytes > kMaxWordBytes || bytes > left()) {
            return malformed(source, cursor.position(),
                "a word of the finalfusion file is longer than its vocabulary");
        }
        EMBEDSCOPE_TRY_ASSIGN(const std::string word, cursor.text(bytes));
        words.append(word);
    }
    return words;
}

Result<NumberValues> readFinalfusionNorms(
    const ByteSource& source, const FinalfusionChunk& chunk, Index rows)
{
    constexpr std::uint32_t kFloat32 = 10;
    ByteCursor cursor(source, kWhat);
    cursor.seek(chunk.begin);
    EMBEDSCOPE_TRY_ASSIGN(const auto count, cursor.number<std::uint64_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto type, cursor.number<std::uint32_t>());
    const std::uint64_t offset = (cursor.position() + 3) / 4 * 4;
    const std::uint64_t held = (chunk.end - std::min(offset, chunk.end)) / sizeof(float);
    if (type != kFloat32 || count < static_cast<std::uint64_t>(rows) || count > held) {
        return malformed(source, chunk.begin,
            "the norms of the finalfusion file are not a float32 for each word");
    }
    EMBEDSCOPE_TRY_ASSIGN(
        const Matrix norms, readElements(source, offset, ElementType::Float32, false, rows, 1, {}));
    NumberValues values;
    values.values.assign(norms.data(), norms.data() + rows);
    return values;
}

} // namespace embedscope
