#pragma once

#include <QString>

namespace embedscope {
class Dataset;
}

namespace embedscope::ui {

class HealthState;

/// What the open table is, as rows of names and values: what Details shows while no point is meant.
/// With the first few sentences of what is odd about it; the Health panel says the rest.
QString tableCardHtml(const Dataset& dataset, const HealthState& health);

} // namespace embedscope::ui
