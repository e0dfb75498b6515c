#include "core/io/archives/member_choice.h"

#include "core/base/list_text.h"
#include "core/base/text.h"
#include "core/io/archives/wrapper_kind.h"
#include "core/io/format.h"
#include "core/io/known_files.h"

#include <algorithm>
#include <array>

namespace embedscope {

namespace {

std::string_view baseName(std::string_view name)
{
    return name.substr(name.rfind('/') + 1);
}

std::string lowerExtension(std::string_view name)
{
    const std::string_view base = baseName(name);
    const auto dot = base.rfind('.');
    return dot == std::string_view::npos ? std::string() : foldCase(base.substr(dot + 1));
}

/// The best that any reader says of it; what names other files is of no use within an archive.
Confidence bestConfidence(const FileHead& head)
{
    auto best = Confidence::No;
    for (const Format& format : formats()) {
        if (format.id != "projector")
            best = std::max(best, format.recognize(head));
    }
    return best;
}

int rankOf(const ArchiveMember& member, std::string_view bytes)
{
    if (bytes.empty() || isNeverATable(member.name) || notData(bytes))
        return 0;
    const std::string extension = lowerExtension(member.name);
    // A ZIP archive has its directory at its end, beyond the bytes in hand.
    if (isZipArchive(bytes))
        return extension == "npz" || extension == "pt" || extension == "pth" ? 3 : 2;
    if (wrapperKind(bytes) != WrapperKind::None)
        return 2;
    switch (bestConfidence({bytes, member.bytes, extension, member.name, {}})) {
    case Confidence::No:
        return 0;
    case Confidence::Extension:
        return 1;
    case Confidence::Plausible:
        return 2;
    case Confidence::Likely:
    case Confidence::Certain:
        break;
    }
    return 3;
}

} // namespace

bool isNeverATable(std::string_view name)
{
    constexpr auto kExtensions = std::to_array<std::string_view>({"py", "md", "rst", "html", "htm",
        "pdf", "png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "c", "h", "cpp", "cc", "java",
        "js", "sh", "ipynb", "yml", "yaml", "toml", "cfg", "ini", "xml", "css", "log"});
    constexpr auto kStems
        = std::to_array<std::string_view>({"readme", "license", "licence", "copying", "notice"});
    const std::string_view base = baseName(name);
    if (base.empty() || base.front() == '.' || name.starts_with("__MACOSX/"))
        return true;
    const std::string extension = lowerExtension(name);
    if (std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end())
        return true;
    return std::any_of(kStems.begin(), kStems.end(),
        [base](std::string_view stem) { return startsWithIgnoringCase(base, stem); });
}

ArchiveMember judgeMember(std::string name, std::uint64_t bytes, std::string_view head)
{
    ArchiveMember member;
    member.name = std::move(name);
    member.bytes = bytes;
    member.rank = rankOf(member, head);
    const std::string folded = foldCase(baseName(member.name));
    for (const std::string_view word : {"metadata", "meta.", "labels", "vocab", "counts"})
        member.describesOthers = member.describesOthers || folded.find(word) != std::string::npos;
    return member;
}

bool isBetter(const ArchiveMember& a, const ArchiveMember& b)
{
    if (a.rank != b.rank)
        return a.rank > b.rank;
    if (a.describesOthers != b.describesOthers)
        return b.describesOthers;
    if (a.bytes != b.bytes)
        return a.bytes > b.bytes;
    return std::count(a.name.begin(), a.name.end(), '/')
        < std::count(b.name.begin(), b.name.end(), '/');
}

bool isMemberNamed(std::string_view name, std::string_view wanted)
{
    return name == wanted || baseName(name) == wanted;
}

std::string listedMembers(const std::vector<std::string>& names)
{
    constexpr std::size_t kShown = 8;
    return listText(
        names.size(), kShown, [&](std::size_t i) { return '"' + printable(names[i]) + '"'; });
}

} // namespace embedscope
