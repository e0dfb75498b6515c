#include "core/io/hdf5/hdf5_library.h"

#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace embedscope {

namespace {

static_assert(std::endian::native == std::endian::little);

/// Beyond the matrix itself, for the library's own caches and buffers.
constexpr std::uint64_t kOwnMemory = std::uint64_t{512} << 20U;
/// Datasets up to this size fit beside those.
constexpr std::uint64_t kSmallBytes = std::uint64_t{64} << 20U;
constexpr std::uint64_t kMostListingBytes = std::uint64_t{64} << 20U;
constexpr int kMostSignsOfLife = 10'000; // In a row, with nothing in between.
// Texts that refer to the same bytes again and again can be far larger than their file.
constexpr std::uint64_t kFreeTextBytes = std::uint64_t{32} << 20U;
constexpr std::uint64_t kMostTextRatio = 200;

template <typename T> void append(std::string& out, T value)
{
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
}

void appendText(std::string& out, const std::string& text)
{
    append(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

std::string message(hdf5::Message kind, const std::string& content)
{
    std::string bytes;
    append(bytes, static_cast<std::uint8_t>(kind));
    append(bytes, static_cast<std::uint32_t>(content.size()));
    return bytes + content;
}

} // namespace

Error Hdf5Library::broken(Error error)
{
    m_isBroken = true;
    m_channel.reset();
    return error;
}

Status Hdf5Library::makeRoom(std::uint64_t bytes, const Progress& progress)
{
    if (m_isBroken)
        return hdf5Damaged();
    const std::uint64_t needed = bytes <= kSmallBytes ? kOwnMemory : kOwnMemory + bytes;
    if (m_channel && needed <= m_memoryBytes)
        return {};
    if (progress.stopRequested())
        return stoppedError();
    m_channel.reset();
    auto opened = m_open(needed, std::max(bytes, m_fileBytes));
    if (!opened)
        return broken(std::move(opened).error());
    m_channel = std::move(opened).value();
    m_memoryBytes = needed;
    return {};
}

Status Hdf5Library::ask(std::string request, const Progress& progress)
{
    EMBEDSCOPE_TRY(makeRoom(0, progress));
    if (auto sent = m_channel->send(request); !sent)
        return broken(sent.error());
    return {};
}

Status Hdf5Library::askForValues(
    hdf5::Element element, const Hdf5Place& place, const Progress& progress)
{
    std::string content;
    append(content, static_cast<std::uint8_t>(element));
    appendText(content, place.path);
    appendText(content, place.member);
    append(content, place.first);
    append(content, place.rows);
    append(content, place.rowValues);
    return ask(message(hdf5::Message::Read, content), progress);
}

Result<Hdf5Library::Head> Hdf5Library::nextHead(const Progress& progress)
{
    for (int signs = 0; signs < kMostSignsOfLife; ++signs) {
        std::array<std::byte, 5> bytes;
        if (auto read = m_channel->read(bytes, progress); !read)
            return broken(read.error());
        Head head;
        head.kind = static_cast<hdf5::Message>(bytes[0]);
        std::memcpy(&head.length, bytes.data() + 1, sizeof head.length);
        if (head.length > hdf5::kMostMessageBytes)
            return broken(hdf5Damaged("a message that is too long"));
        if (head.kind != hdf5::Message::Alive)
            return head;
        if (head.length != 0)
            break;
    }
    return broken(hdf5Damaged("it got no further"));
}

Result<std::vector<std::byte>> Hdf5Library::content(const Head& head, const Progress& progress)
{
    std::vector<std::byte> bytes(head.length);
    if (auto read = m_channel->read(bytes, progress); !read)
        return broken(read.error());
    return bytes;
}

/// What the helper says of its own accord, or the sentence for a message that is out of place.
Status Hdf5Library::failure(const Head& head, const Progress& progress)
{
    if (head.kind != hdf5::Message::Failure)
        return broken(hdf5Damaged("a message out of place"));
    EMBEDSCOPE_TRY_ASSIGN(const auto bytes, content(head, progress));
    Hdf5Pieces pieces(bytes);
    auto fault = pieces.number8();
    auto what = pieces.text();
    if (!fault || !what)
        return broken(hdf5Damaged("a message that ends too early"));
    if (what->empty())
        return broken(hdf5Damaged("a failure without a reason"));
    if (*fault == static_cast<std::uint8_t>(hdf5::Fault::Unsupported))
        return Error{
            ErrorCode::Unsupported, printable(std::string_view(*what).substr(0, 500)), {}, {}, {}};
    return hdf5Damaged(*what);
}

Result<Hdf5Listing> Hdf5Library::list(const Progress& progress)
{
    EMBEDSCOPE_TRY(ask(message(hdf5::Message::List, {}), progress));
    Hdf5Listing listing;
    std::uint64_t total = 0;
    while (true) {
        EMBEDSCOPE_TRY_ASSIGN(const Head head, nextHead(progress));
        const bool isObject
            = head.kind == hdf5::Message::Group || head.kind == hdf5::Message::Dataset;
        if (!isObject && head.kind != hdf5::Message::End) {
            EMBEDSCOPE_TRY(failure(head, progress));
            return hdf5Damaged();
        }
        total += head.length;
        if (total > kMostListingBytes || listing.objects().size() > hdf5::kMostObjects) {
            return broken(Error{ErrorCode::TooLarge,
                "the file holds more groups and datasets than can be listed", {}, {}, {}});
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto bytes, content(head, progress));
        if (isObject) {
            auto object = parseHdf5Object(head.kind, bytes);
            if (!object)
                return broken(std::move(object).error());
            listing.append(std::move(object).value());
            continue;
        }
        Hdf5Pieces pieces(bytes);
        EMBEDSCOPE_TRY_ASSIGN(listing.damaged, pieces.number32());
        EMBEDSCOPE_TRY_ASSIGN(listing.externalLinks, pieces.number32());
        EMBEDSCOPE_TRY_ASSIGN(listing.otherLinks, pieces.number32());
        return listing;
    }
}

Status Hdf5Library::values(hdf5::Element element, std::size_t elementBytes, const Hdf5Place& place,
    std::byte* out, const Progress& progress)
{
    const auto count = checkedProduct(place.rows, place.rowValues);
    const auto bytes = count ? checkedProduct(*count, elementBytes) : std::nullopt;
    if (!bytes)
        return hdf5Damaged("a count that cannot be");
    EMBEDSCOPE_TRY(askForValues(element, place, progress));
    std::uint64_t done = 0;
    while (true) {
        EMBEDSCOPE_TRY_ASSIGN(const Head head, nextHead(progress));
        if (head.kind == hdf5::Message::End && head.length == 0)
            break;
        if (head.kind != hdf5::Message::Values)
            return failure(head, progress);
        if (head.length == 0 || head.length % elementBytes != 0 || head.length > *bytes - done)
            return broken(hdf5Damaged("more values than it announced"));
        if (auto read = m_channel->read({out + done, head.length}, progress); !read)
            return broken(read.error());
        done += head.length;
        progress.report("Reading values", static_cast<double>(done) / static_cast<double>(*bytes));
    }
    if (done != *bytes)
        return broken(hdf5Damaged("fewer values than it announced"));
    return {};
}

Status Hdf5Library::floats(const Hdf5Place& place, float* out, const Progress& progress)
{
    return values(
        hdf5::Element::Float32, sizeof *out, place, reinterpret_cast<std::byte*>(out), progress);
}

Status Hdf5Library::doubles(const Hdf5Place& place, double* out, const Progress& progress)
{
    return values(
        hdf5::Element::Float64, sizeof *out, place, reinterpret_cast<std::byte*>(out), progress);
}

Status Hdf5Library::integers(const Hdf5Place& place, std::int64_t* out, const Progress& progress)
{
    return values(
        hdf5::Element::Int64, sizeof *out, place, reinterpret_cast<std::byte*>(out), progress);
}

Result<TextValues> Hdf5Library::texts(const Hdf5Place& place, const Progress& progress)
{
    EMBEDSCOPE_TRY(askForValues(hdf5::Element::Text, place, progress));
    TextValues texts;
    std::uint64_t total = 0;
    while (true) {
        EMBEDSCOPE_TRY_ASSIGN(const Head head, nextHead(progress));
        if (head.kind == hdf5::Message::End && head.length == 0)
            break;
        if (head.kind != hdf5::Message::Values) {
            EMBEDSCOPE_TRY(failure(head, progress));
            return hdf5Damaged();
        }
        total += head.length;
        if (total > kFreeTextBytes && total / kMostTextRatio > m_fileBytes) {
            return broken(Error{ErrorCode::TooLarge,
                "a column of texts expands to more than " + formatBytes(total)
                    + ", as only a decompression bomb does",
                {}, {}, {}});
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto bytes, content(head, progress));
        Hdf5Pieces pieces(bytes);
        while (pieces.remaining() > 0) {
            auto text = pieces.text();
            if (!text)
                return broken(std::move(text).error());
            if (static_cast<std::uint64_t>(texts.size()) == place.rows)
                return broken(hdf5Damaged("more values than it announced"));
            texts.append(*text);
        }
    }
    if (static_cast<std::uint64_t>(texts.size()) != place.rows)
        return broken(hdf5Damaged("fewer values than it announced"));
    return texts;
}

} // namespace embedscope
