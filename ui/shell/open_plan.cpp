#include "ui/shell/open_plan.h"

#include <QFileInfo>
#include <algorithm>

namespace embedscope::ui {

namespace {

bool speaksOfMetadata(const QString& path)
{
    const QString name = QFileInfo(path).fileName().toLower();
    return name.contains(QLatin1String("meta")) || name.contains(QLatin1String("label"))
        || name.endsWith(QLatin1String(".jsonl")) || name.endsWith(QLatin1String(".ndjson"));
}

} // namespace

bool canBeMetadata(const QString& path)
{
    static const QStringList kExtensions{QStringLiteral("csv"), QStringLiteral("tsv"),
        QStringLiteral("tab"), QStringLiteral("txt"), QStringLiteral("jsonl"),
        QStringLiteral("ndjson")};
    return kExtensions.contains(QFileInfo(path).suffix().toLower());
}

OpenPlan planOpening(const QStringList& paths)
{
    OpenPlan plan;
    if (paths.isEmpty())
        return plan;
    auto table = std::find_if_not(paths.begin(), paths.end(), canBeMetadata);
    if (table == paths.end())
        table = std::find_if_not(paths.begin(), paths.end(), speaksOfMetadata);
    if (table == paths.end())
        table = paths.begin();
    plan.table = *table;
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        if (path != table)
            (canBeMetadata(*path) ? plan.metadata : plan.left).append(*path);
    }
    return plan;
}

} // namespace embedscope::ui
