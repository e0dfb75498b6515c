#include "ui/dialogs/export_map_dialog.h"

#include "ui/convert.h"
#include "ui/plot/plot_view.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/workspace.h"

#include <QBuffer>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr int kMinSide = 200;
constexpr int kMaxSide = 8192;
constexpr int kMaxImageSide = 16384; // What paintMap() takes.
constexpr int kMaxLabels = 1000;
constexpr int kDefaultLabels = 30;
const QString kGroup = QStringLiteral("exportMap");

QSpinBox* sideBox(const QString& name, int value, QWidget* parent)
{
    auto* box = new QSpinBox(parent);
    box->setRange(kMinSide, kMaxSide);
    box->setSingleStep(100);
    box->setAccelerated(true);
    box->setValue(value);
    box->setAccessibleName(name);
    box->setGroupSeparatorShown(true);
    return box;
}

} // namespace

Result<QByteArray> paintPng(const MapExport& map)
{
    MapPicture picture = map.picture;
    MapSources& sources = picture.sources;
    if (!sources.coloring && map.column && *map.column < map.columns.size()) {
        sources.coloring = std::make_shared<const Coloring>(
            colorByColumn(map.columns[*map.column], map.mode, sources.theme));
    }
    const QImage image = paintMap(picture);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (image.isNull() || !buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG")) {
        return Error{ErrorCode::TooLarge,
            "there is not enough memory for a picture of that size; choose a smaller one", {}, {},
            {}};
    }
    return bytes;
}

ExportMapDialog::ExportMapDialog(const Workspace& workspace, const PlotView& map, QWidget* parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_map(map)
{
    setObjectName(QStringLiteral("exportMapDialog"));
    setWindowTitle(tr("Export Map as PNG"));
    QSettings settings;
    settings.beginGroup(kGroup);
    m_width = sideBox(tr("Width"), settings.value(QStringLiteral("width"), 1600).toInt(), this);
    m_width->setObjectName(QStringLiteral("exportWidth"));
    m_height = sideBox(tr("Height"), settings.value(QStringLiteral("height"), 1000).toInt(), this);
    m_height->setObjectName(QStringLiteral("exportHeight"));
    auto* size = new QHBoxLayout;
    size->addWidget(m_width, 1);
    size->addWidget(new QLabel(QStringLiteral("×"), this));
    size->addWidget(m_height, 1);

    m_scale = new QComboBox(this);
    m_scale->setObjectName(QStringLiteral("exportScale"));
    for (const int scale : {1, 2, 3, 4})
        m_scale->addItem(tr("%1 × (text and points grow with it)").arg(scale), scale);
    m_scale->setCurrentIndex(
        std::max(0, m_scale->findData(settings.value(QStringLiteral("scale"), 1).toInt())));
    m_theme = new QComboBox(this);
    m_theme->setObjectName(QStringLiteral("exportTheme"));
    m_theme->addItem(tr("Light"), false);
    m_theme->addItem(tr("Dark"), true);
    m_theme->setCurrentIndex(workspace.color()->theme() == Theme::Dark ? 1 : 0);
    m_part = new QComboBox(this);
    m_part->setObjectName(QStringLiteral("exportPart"));
    if (map.picture().view)
        m_part->addItem(tr("What is on screen"), false);
    m_part->addItem(tr("The whole map"), true);
    m_labels = new QSpinBox(this);
    m_labels->setObjectName(QStringLiteral("exportLabels"));
    m_labels->setRange(0, kMaxLabels);
    m_labels->setSingleStep(10);
    m_labels->setSpecialValueText(tr("none"));
    m_labels->setValue(settings.value(QStringLiteral("labels"), kDefaultLabels).toInt());
    m_labels->setToolTip(tr("At most that many; fewer where they find no room without overlap"));
    m_legend = new QCheckBox(tr("L&egend"), this);
    m_legend->setObjectName(QStringLiteral("exportLegend"));
    m_legend->setChecked(settings.value(QStringLiteral("legend"), true).toBool());
    m_caption = new QCheckBox(tr("&Caption with the recipe"), this);
    m_caption->setObjectName(QStringLiteral("exportCaption"));
    m_caption->setChecked(settings.value(QStringLiteral("caption"), true).toBool());
    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("exportSummary"));
    m_summary->setForegroundRole(QPalette::PlaceholderText);

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    auto* sizeLabel = new QLabel(tr("Si&ze"), this);
    sizeLabel->setBuddy(m_width);
    form->addRow(sizeLabel, size);
    form->addRow(tr("&Scale"), m_scale);
    form->addRow(tr("&Theme"), m_theme);
    form->addRow(tr("&Part"), m_part);
    form->addRow(tr("Most &labels"), m_labels);
    form->addRow(QString(), m_legend);
    form->addRow(QString(), m_caption);
    form->addRow(QString(), m_summary);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Save)->setText(tr("&Save As…"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::accepted, this, &ExportMapDialog::remember);
    for (QSpinBox* box : {m_width, m_height})
        connect(box, &QSpinBox::valueChanged, this, &ExportMapDialog::updateSummary);
    connect(m_scale, &QComboBox::currentIndexChanged, this, &ExportMapDialog::updateSummary);
    updateSummary();

    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(20, 20, 20, 16);
    rows->setSpacing(16);
    rows->addLayout(form);
    rows->addWidget(buttons);
    setMinimumWidth(420);
}

MapExport ExportMapDialog::map() const
{
    MapExport map;
    map.picture = m_map.picture();
    MapPicture& picture = map.picture;
    const ColorState* color = m_workspace.color();
    const Theme theme = m_theme->currentData().toBool() ? Theme::Dark : Theme::Light;
    if (theme != picture.sources.theme)
        picture.sources.coloring.reset();
    picture.sources.theme = theme;
    map.mode = color->mode();
    map.columns = color->columns();
    map.column = color->column();
    picture.labelCount = m_labels->value();
    picture.hasLegend = m_legend->isChecked();
    picture.hasCaption = m_caption->isChecked();
    picture.size = imageSize();
    picture.devicePixelRatio = ratio();
    if (m_part->currentData().toBool())
        picture.view.reset();
    return map;
}

QSize ExportMapDialog::imageSize() const
{
    return {m_width->value(), m_height->value()};
}

double ExportMapDialog::ratio() const
{
    const int most = std::max(m_width->value(), m_height->value());
    return std::min(m_scale->currentData().toDouble(), static_cast<double>(kMaxImageSide) / most);
}

void ExportMapDialog::remember() const
{
    QSettings settings;
    settings.beginGroup(kGroup);
    settings.setValue(QStringLiteral("width"), m_width->value());
    settings.setValue(QStringLiteral("height"), m_height->value());
    settings.setValue(QStringLiteral("scale"), m_scale->currentData());
    settings.setValue(QStringLiteral("labels"), m_labels->value());
    settings.setValue(QStringLiteral("legend"), m_legend->isChecked());
    settings.setValue(QStringLiteral("caption"), m_caption->isChecked());
}

void ExportMapDialog::updateSummary()
{
    const QSize pixels = imageSize() * ratio();
    m_summary->setText(
        tr("%1 × %2 pixels").arg(numberText(pixels.width()), numberText(pixels.height())));
}

} // namespace embedscope::ui
