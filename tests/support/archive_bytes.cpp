#include "tests/support/archive_bytes.h"

#include "tests/support/samples.h"
#include "tests/support/zip_bytes.h"

#include <archive.h>
#include <archive_entry.h>
#include <cstdlib>

namespace embedscope::test {

namespace {

int filterOf(Packing packing)
{
    switch (packing) {
    case Packing::Gzip:
        return ARCHIVE_FILTER_GZIP;
    case Packing::Bzip2:
        return ARCHIVE_FILTER_BZIP2;
    case Packing::Xz:
        return ARCHIVE_FILTER_XZ;
    case Packing::Lzma:
        return ARCHIVE_FILTER_LZMA;
    case Packing::Zstd:
        return ARCHIVE_FILTER_ZSTD;
    case Packing::None:
        break;
    }
    return ARCHIVE_FILTER_NONE;
}

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t count)
{
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), count);
    return static_cast<la_ssize_t>(count);
}

std::string archiveOf(const Members& members, int format, Packing packing)
{
    std::string bytes;
    archive* const writer = archive_write_new();
    archive_write_set_format(writer, format);
    archive_write_add_filter(writer, filterOf(packing));
    archive_write_set_bytes_in_last_block(writer, 1);
    if (archive_write_open(writer, &bytes, nullptr, append, nullptr) != ARCHIVE_OK)
        std::abort();
    for (const auto& [name, content] : members) {
        archive_entry* const entry = archive_entry_new();
        const auto arrow = name.find(" -> ");
        archive_entry_set_pathname(entry, name.substr(0, arrow).c_str());
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
        archive_entry_set_filetype(entry, name.back() == '/' ? AE_IFDIR : AE_IFREG);
        if (arrow != std::string::npos) {
            archive_entry_set_filetype(entry, AE_IFLNK);
            archive_entry_set_symlink(entry, name.substr(arrow + 4).c_str());
        }
        if (archive_write_header(writer, entry) != ARCHIVE_OK)
            std::abort();
        archive_write_data(writer, content.data(), content.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    return bytes;
}

} // namespace

std::string packedBytes(const std::string& bytes, Packing packing)
{
    return archiveOf({{"data", bytes}}, ARCHIVE_FORMAT_RAW, packing);
}

std::string tarOf(const Members& members, Packing packing)
{
    return archiveOf(members, ARCHIVE_FORMAT_TAR_USTAR, packing);
}

std::vector<std::string> wrappedSamples()
{
    std::vector<std::string> samples;
    const std::string glove = sampleMaker("glove")->make(7).bytes;
    const std::string csv = sampleMaker("csv")->make(7).bytes;
    const Members members{{"readme.md", "# two tables\n"}, {"a/glove.txt", glove}, {"b.csv", csv}};
    for (const Packing packing :
        {Packing::None, Packing::Gzip, Packing::Bzip2, Packing::Xz, Packing::Lzma, Packing::Zstd}) {
        if (packing != Packing::None)
            samples.push_back(packedBytes(glove, packing));
        samples.push_back(tarOf(members, packing));
    }
    samples.push_back(zipOf(members));
    samples.push_back(zipOf(members, true));
    samples.push_back(zipOf({{"glove.txt.gz", packedBytes(glove, Packing::Gzip)}}));
    return samples;
}

} // namespace embedscope::test
