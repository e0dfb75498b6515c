#pragma once

#include <hdf5.h>

#include <utility>

namespace embedscope::hdf5 {

/// Owns an identifier of the HDF5 library and closes it as its kind wants it.
template <herr_t (*close)(hid_t)> class Handle
{
public:
    Handle() = default;
    explicit Handle(hid_t id)
        : m_id(id)
    {
    }
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept
        : m_id(std::exchange(other.m_id, H5I_INVALID_HID))
    {
    }
    Handle& operator=(Handle&& other) noexcept
    {
        if (this != &other) {
            reset();
            m_id = std::exchange(other.m_id, H5I_INVALID_HID);
        }
        return *this;
    }

    explicit operator bool() const { return m_id >= 0; }
    hid_t get() const { return m_id; }

private:
    void reset()
    {
        if (m_id >= 0)
            close(m_id);
        m_id = H5I_INVALID_HID;
    }

    hid_t m_id = H5I_INVALID_HID;
};

using FileHandle = Handle<H5Fclose>;
using GroupHandle = Handle<H5Gclose>;
using ObjectHandle = Handle<H5Oclose>;
using DatasetHandle = Handle<H5Dclose>;
using TypeHandle = Handle<H5Tclose>;
using SpaceHandle = Handle<H5Sclose>;
using PropertiesHandle = Handle<H5Pclose>;
using AttributeHandle = Handle<H5Aclose>;

} // namespace embedscope::hdf5
