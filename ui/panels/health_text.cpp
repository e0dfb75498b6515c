#include "ui/panels/health_text.h"

#include "core/analysis/health/health.h"
#include "ui/convert.h"

#include <QCoreApplication>
#include <algorithm>

namespace embedscope::ui {

namespace {

struct HealthText
{
    Q_DECLARE_TR_FUNCTIONS(HealthText)
};

} // namespace

QString healthHeading(const HealthReport& report)
{
    const auto count = static_cast<qint64>(report.findings.size());
    const bool isSound = std::none_of(report.findings.begin(), report.findings.end(),
        [](const Finding& finding) { return finding.severity != Severity::Note; });
    if (count == 0)
        return HealthText::tr("Nothing looks broken");
    if (isSound) {
        return count == 1
            ? HealthText::tr("Nothing looks broken; 1 thing to know")
            : HealthText::tr("Nothing looks broken; %1 things to know").arg(numberText(count));
    }
    return count == 1 ? HealthText::tr("1 thing to know")
                      : HealthText::tr("%1 things to know").arg(numberText(count));
}

} // namespace embedscope::ui
