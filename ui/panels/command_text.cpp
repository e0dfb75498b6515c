#include "ui/panels/command_text.h"

#include "core/projection/projection.h"
#include "ui/convert.h"
#include "ui/workspace/layout_list.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

namespace embedscope::ui {

namespace {

bool isDefault(const std::string& method, const std::string& id, const ParameterValue& value)
{
    const Method* row = findMethod(method);
    if (!row)
        return false;
    for (const ParameterInfo& info : row->parameters) {
        if (info.id == id)
            return toText(info.defaultValue) == toText(value);
    }
    return false;
}

QString tr(const char* text)
{
    return QCoreApplication::translate("CommandText", text);
}

} // namespace

QString shellWord(const QString& text)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./=:,+-]+$"));
    if (plain.match(text).hasMatch())
        return text;
    QString quoted = text;
    quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
    return QLatin1Char('\'') + quoted + QLatin1Char('\'');
}

QString projectCommand(
    const QString& path, const ReadOptions& options, const Recipe& recipe, const QStringList& added)
{
    if (recipe.method == "given" || path.isEmpty())
        return {};
    QStringList words{QStringLiteral("embedscope"), QStringLiteral("project")};
    const auto add = [&words](const char* flag, const QString& value) {
        if (!value.isEmpty())
            words << QLatin1String(flag) << shellWord(value);
    };
    // A path that begins with a dash would be read as an option.
    words << shellWord(path.startsWith(QLatin1Char('-')) ? QStringLiteral("./") + path : path);
    for (const QString& table : added)
        add("--add", table);
    add("--label", toQString(options.labelColumn));
    add("--metadata", toQString(options.metadataPath));
    add("--key", toQString(options.metadataKey));
    add("--tensor", toQString(options.tensor));
    add("--member", toQString(options.member));
    add("--tokenizer", toQString(options.tokenizerPath));
    if (options.isTransposed)
        words << QStringLiteral("--transpose");
    if (options.shape)
        add("--shape",
            QStringLiteral("%1,%2").arg(options.shape->first).arg(options.shape->second));
    add("--dtype", toQString(options.dtype));
    if (options.rows.range) {
        add("--rows",
            QStringLiteral("%1:%2").arg(options.rows.range->first).arg(options.rows.range->second));
    }
    if (options.rows.sample > 0) {
        add("--sample", QString::number(options.rows.sample));
        add("--sample-seed", QString::number(options.rows.seed));
    }
    if (options.isHalf)
        words << QStringLiteral("--float16");
    add("--method", toQString(recipe.method));
    add("--dims", QString::number(recipe.dimensions));
    add("--seed", QString::number(recipe.seed));
    add("--preprocess-pca", QString::number(recipe.preprocessPca));
    if (recipe.normalization != "none")
        add("--set", QStringLiteral("normalization=") + toQString(recipe.normalization));
    for (const auto& [id, value] : recipe.parameters) {
        if (!isDefault(recipe.method, id, value))
            add("--set", toQString(id + '=' + toText(value)));
    }
    add("--out", QStringLiteral("map.npy"));
    return words.join(QLatin1Char(' '));
}

QString commandCaveat(const KeptLayout& map)
{
    if (map.isExtended)
        return tr(
            "Copied. Rows were added to the map after it was made; the command makes it of all "
            "of them.");
    if (map.isStartedFromAnother)
        return tr("Copied. The map was started from another one, which the command does not do.");
    const Diagnostics& diagnostics = map.layout->diagnostics;
    if (!diagnostics.isFinished && diagnostics.iterations >= 0)
        return tr("Copied. The run was stopped after %1 iterations; the command does them all.")
            .arg(diagnostics.iterations);
    return {};
}

} // namespace embedscope::ui
