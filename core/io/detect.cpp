#include "core/base/text.h"
#include "core/io/bytes/tar_archive.h"
#include "core/io/bytes/zip_archive.h"
#include "core/io/format.h"
#include "core/io/known_files.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::uint64_t kHeadBytes = 64U << 10U;
constexpr std::size_t kTarMembers = 8;

std::string lowerExtension(std::string_view path)
{
    const auto name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string() : foldCase(name.substr(dot + 1));
}

bool hasExtension(const Format& format, std::string_view extension)
{
    return std::find(format.extensions.begin(), format.extensions.end(), extension)
        != format.extensions.end();
}

} // namespace

Result<const Format*> detectFormat(const ByteSource& source)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, source.text(0, kHeadBytes));
    if (auto refusal = notData(bytes))
        return Error{refusal->code, refusal->sentence, source.path(), {}, {}};

    const std::string extension = lowerExtension(source.path());
    std::vector<std::string> members;
    if (isZipArchive(bytes)) {
        EMBEDSCOPE_TRY_ASSIGN(const auto archive, ZipArchive::open(source));
        for (const ZipMember& member : archive->members())
            members.push_back(member.name);
    }
    std::vector<std::string> tarMembers;
    if (isTarArchive(bytes))
        tarMembers = firstTarMembers(source, kTarMembers);
    const FileHead head{bytes, source.size(), extension, source.path(), members, tarMembers};

    const Format* best = nullptr;
    auto confidence = Confidence::No;
    for (const Format& format : formats()) {
        const Confidence own = format.recognize(head);
        if (own == Confidence::No)
            continue;
        const bool winsTie = own == confidence && hasExtension(format, extension)
            && !hasExtension(*best, extension);
        if (own > confidence || winsTie) {
            best = &format;
            confidence = own;
        }
    }
    if (best != nullptr && confidence >= Confidence::Likely)
        return best;
    if (const auto name = knownFile(head)) {
        return Error{ErrorCode::Unsupported,
            "this is " + *name + ", which this version does not read", source.path(), {}, {}};
    }
    if (best != nullptr)
        return best;
    return Error{ErrorCode::Unsupported,
        "the format was not recognised; `embedscope formats` lists what can be opened",
        source.path(), {}, {}};
}

} // namespace embedscope
