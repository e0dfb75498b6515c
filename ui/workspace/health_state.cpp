#include "ui/workspace/health_state.h"

#include "ui/convert.h"

namespace embedscope::ui {

HealthState::HealthState(QObject* parent)
    : QObject(parent)
{
}

void HealthState::setDataset(std::shared_ptr<const Dataset> dataset)
{
    using Report = std::shared_ptr<const HealthReport>;
    m_report.reset();
    m_error.clear();
    if (!dataset) {
        m_runner.discard();
        emit changed();
        return;
    }
    m_runner.run<Report>(
        [dataset = std::move(dataset)](const JobContext& context) -> Result<Report> {
            EMBEDSCOPE_TRY_ASSIGN(
                auto report, examineHealth(*dataset, HealthOptions(), context.progress()));
            return std::make_shared<const HealthReport>(std::move(report));
        },
        [this](Result<Report> result) {
            if (result)
                m_report = std::move(result).value();
            else
                m_error = toQString(describe(result.error()));
            emit changed();
        });
    emit changed();
}

} // namespace embedscope::ui
