#pragma once

#include "core/data/layout.h"

#include <mutex>
#include <string>
#include <utility>

namespace embedscope::ui {

/// Values of live parameters on their way from the window to the job that computes: the newest of
/// each wins. Thread: any.
class LiveValues
{
public:
    void post(const std::string& id, const ParameterValue& value)
    {
        const std::lock_guard lock(m_mutex);
        for (auto& [name, waiting] : m_values) {
            if (name == id) {
                waiting = value;
                return;
            }
        }
        m_values.emplace_back(id, value);
    }

    /// What has come since the last call, in the order of first posting.
    ParameterValues take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_values, {});
    }

private:
    std::mutex m_mutex;
    ParameterValues m_values;
};

} // namespace embedscope::ui
