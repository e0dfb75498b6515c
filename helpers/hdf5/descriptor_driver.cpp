#include "helpers/hdf5/descriptor_driver.h"

#include "core/io/hdf5/hdf5_messages.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace embedscope::hdf5 {

namespace {

/// The library sees only the first member.
struct OpenFile
{
    H5FD_t base;
    haddr_t allocated; ///< What the library believes to be in use.
    haddr_t size;
};

OpenFile* own(H5FD_t* file)
{
    return reinterpret_cast<OpenFile*>(file);
}

const OpenFile* own(const H5FD_t* file)
{
    return reinterpret_cast<const OpenFile*>(file);
}

H5FD_t* openFile(const char* name, unsigned flags, hid_t /*access*/, haddr_t /*most*/)
{
    struct stat status = {};
    if (std::strcmp(name, kDescriptorName) != 0 || (flags & H5F_ACC_RDWR) != 0
        || ::fstat(kFileDescriptor, &status) != 0)
        return nullptr;
    auto* const file = static_cast<OpenFile*>(std::calloc(1, sizeof(OpenFile)));
    if (file == nullptr)
        return nullptr;
    file->size = static_cast<haddr_t>(status.st_size);
    return &file->base;
}

herr_t closeFile(H5FD_t* file)
{
    std::free(own(file));
    return 0;
}

int compareFiles(const H5FD_t* /*a*/, const H5FD_t* /*b*/)
{
    return 0; // There is but one.
}

herr_t queryFile(const H5FD_t* /*file*/, unsigned long* flags)
{
    if (flags != nullptr)
        *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE
            | H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

haddr_t allocatedEnd(const H5FD_t* file, H5FD_mem_t /*kind*/)
{
    return own(file)->allocated;
}

herr_t setAllocatedEnd(H5FD_t* file, H5FD_mem_t /*kind*/, haddr_t end)
{
    own(file)->allocated = end;
    return 0;
}

haddr_t fileEnd(const H5FD_t* file, H5FD_mem_t /*kind*/)
{
    return own(file)->size;
}

herr_t readFile(H5FD_t* file, H5FD_mem_t /*kind*/, hid_t /*transfer*/, haddr_t at,
    std::size_t bytes, void* into)
{
    const haddr_t size = own(file)->size;
    if (at > size || bytes > size - at)
        return -1;
    auto* out = static_cast<char*>(into);
    while (bytes > 0) {
        const ssize_t got = ::pread(kFileDescriptor, out, bytes, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return -1;
        out += got;
        at += static_cast<haddr_t>(got);
        bytes -= static_cast<std::size_t>(got);
    }
    return 0;
}

herr_t refuseToWrite(H5FD_t* /*file*/, H5FD_mem_t /*kind*/, hid_t /*transfer*/, haddr_t /*at*/,
    std::size_t /*bytes*/, const void* /*from*/)
{
    return -1;
}

/// Fields are set by name: versions of the library differ in their order.
H5FD_class_t makeDriver()
{
    H5FD_class_t driver;
    std::memset(&driver, 0, sizeof driver);
#if H5_VERSION_GE(1, 13, 2)
    driver.version = H5FD_CLASS_VERSION;
    driver.value = static_cast<H5FD_class_value_t>(600); // Free for programs of their own.
#endif
    driver.name = "descriptor";
    driver.maxaddr = (haddr_t{1} << 62U);
    driver.fc_degree = H5F_CLOSE_STRONG;
    driver.open = openFile;
    driver.close = closeFile;
    driver.cmp = compareFiles;
    driver.query = queryFile;
    driver.get_eoa = allocatedEnd;
    driver.set_eoa = setAllocatedEnd;
    driver.get_eof = fileEnd;
    driver.read = readFile;
    driver.write = refuseToWrite;
    const H5FD_mem_t kinds[] = H5FD_FLMAP_DICHOTOMY;
    std::memcpy(driver.fl_map, kinds, sizeof driver.fl_map);
    return driver;
}

} // namespace

hid_t descriptorAccess()
{
    static const H5FD_class_t driver = makeDriver();
    const hid_t registered = H5FDregister(&driver);
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (registered < 0 || access < 0 || H5Pset_driver(access, registered, nullptr) < 0)
        return H5I_INVALID_HID;
    return access;
}

} // namespace embedscope::hdf5
