#include "ui/panels/color_panel.h"

#include "ui/convert.h"
#include "ui/models/legend_model.h"
#include "ui/panels/column_combo.h"
#include "ui/panels/gradient_bar.h"
#include "ui/panels/hint_label.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/workspace.h"

#include "core/base/text.h"

#include <QFormLayout>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QSlider>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr int kSwatchPx = 12;
constexpr int kRowMarginPx = 6;
constexpr double kSizeSteps = 10; ///< Slider steps a pixel of radius.

/// Swatch, name and count of a category; those of a hidden one are quiet, its swatch is hollow.
class LegendDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& given,
        const QModelIndex& index) const override
    {
        QStyleOptionViewItem option = given;
        initStyleOption(&option, index);
        option.text.clear();
        option.features &= ~QStyleOptionViewItem::HasCheckIndicator;
        const QWidget* widget = option.widget;
        widget->style()->drawControl(QStyle::CE_ItemViewItem, &option, painter, widget);

        const bool isHidden = index.data(LegendModel::IsHiddenRole).toBool();
        const bool isSelected = option.state & QStyle::State_Selected;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const auto color = index.data(LegendModel::ColorRole).value<QColor>();
        QRectF swatch(0, 0, kSwatchPx, kSwatchPx);
        swatch.moveCenter(
            {option.rect.left() + kRowMarginPx + kSwatchPx / 2.0, option.rect.center().y() + 0.5});
        if (isHidden) {
            painter->setPen(QPen(color, 1.5));
            painter->setBrush(Qt::NoBrush);
            swatch.adjust(0.75, 0.75, -0.75, -0.75);
        } else {
            painter->setPen(Qt::NoPen);
            painter->setBrush(color);
        }
        painter->drawRoundedRect(swatch, 3, 3);

        QColor text = option.palette.color(isSelected && (option.state & QStyle::State_Active)
                ? QPalette::HighlightedText
                : QPalette::Text);
        if (isHidden)
            text.setAlpha(130);
        painter->setPen(text);
        const QString count
            = toQString(formatCount(index.data(LegendModel::CountRole).toLongLong()));
        QRect rest = option.rect.adjusted(2 * kRowMarginPx + kSwatchPx, 0, -kRowMarginPx, 0);
        painter->drawText(rest, Qt::AlignRight | Qt::AlignVCenter, count);
        rest.setRight(rest.right() - option.fontMetrics.horizontalAdvance(count) - kRowMarginPx);
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, rest.width()));
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {80, option.fontMetrics.height() + 8};
    }

protected:
    bool editorEvent(
        QEvent*, QAbstractItemModel*, const QStyleOptionViewItem&, const QModelIndex&) override
    {
        return false; // The panel knows the gestures; a check mark is not drawn.
    }
};

bool isNoImage(const Column& column)
{
    return column.kind() != ColumnKind::Image;
}

} // namespace

ColorPanel::ColorPanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_column(new ColumnCombo(this))
    , m_mode(new QComboBox(this))
    , m_gradient(new GradientBar(this))
    , m_model(new LegendModel(workspace.color(), this))
    , m_legend(new QListView(this))
    , m_message(new HintLabel(this))
    , m_showAll(new QPushButton(tr("Show all"), this))
    , m_size(new QSlider(Qt::Horizontal, this))
    , m_opacity(new QSlider(Qt::Horizontal, this))
    , m_label(new ColumnCombo(this))
{
    describeControls();
    m_legend->setModel(m_model);
    m_legend->setItemDelegate(new LegendDelegate(m_legend));
    m_legend->setUniformItemSizes(true);
    m_legend->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_legend->installEventFilter(this);
    m_legend->viewport()->installEventFilter(this);
    m_mode->addItem(tr("Automatic"), static_cast<int>(ColorMode::Auto));
    m_mode->addItem(tr("Categories"), static_cast<int>(ColorMode::Categories));
    m_mode->addItem(tr("Gradient"), static_cast<int>(ColorMode::Gradient));
    m_size->setRange(static_cast<int>(0.5 * kSizeSteps), static_cast<int>(20 * kSizeSteps));
    m_opacity->setRange(5, 100);

    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Colour by"), m_column);
    form->addRow(tr("&Treat as"), m_mode);
    auto* style = new QFormLayout;
    style->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    style->addRow(tr("Point &size"), m_size);
    style->addRow(tr("&Opacity"), m_opacity);
    style->addRow(tr("&Label by"), m_label);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_message);
    layout->addWidget(m_gradient);
    layout->addWidget(m_legend, 1);
    layout->addWidget(m_showAll, 0, Qt::AlignLeft);
    layout->addStretch(0);
    layout->addLayout(style);
    setFocusProxy(m_column);

    ColorState* color = workspace.color();
    connect(m_column, &ColumnCombo::columnChosen, this,
        [this, color] { color->setColumn(m_column->column()); });
    connect(m_mode, &QComboBox::activated, this, [this, color](int row) {
        color->setMode(static_cast<ColorMode>(m_mode->itemData(row).toInt()));
    });
    connect(m_showAll, &QPushButton::clicked, color, &ColorState::showAll);
    connect(m_size, &QSlider::valueChanged, color,
        [color](int steps) { color->setPointRadius(steps / kSizeSteps); });
    connect(m_opacity, &QSlider::valueChanged, color,
        [color](int percent) { color->setOpacity(percent / 100.0); });
    connect(m_label, &ColumnCombo::columnChosen, this,
        [this] { m_workspace.setLabelColumn(m_label->column()); });
    connect(color, &ColorState::coloringChanged, this, &ColorPanel::showColoring);
    connect(color, &ColorState::columnsChanged, this, &ColorPanel::showColumns);
    connect(color, &ColorState::visibilityChanged, this, &ColorPanel::showVisibility);
    connect(color, &ColorState::styleChanged, this, &ColorPanel::showStyle);
    connect(&workspace, &Workspace::datasetChanged, this, &ColorPanel::showDataset);
    connect(&workspace, &Workspace::columnsChanged, this, &ColorPanel::showDataset);
    showDataset();
    showStyle();
}

void ColorPanel::describeControls()
{
    m_column->setObjectName(QStringLiteral("colorColumn"));
    m_column->setToolTip(tr("The column whose values give the points their colours."));
    m_column->setAccessibleName(tr("Colour by"));
    m_mode->setObjectName(QStringLiteral("colorMode"));
    m_mode->setToolTip(tr("Whether each value has a colour of its own, or numbers run along a "
                          "gradient. Automatic goes by the kind of the column."));
    m_mode->setAccessibleName(tr("Treat as"));
    m_legend->setObjectName(QStringLiteral("colorLegend"));
    m_legend->setAccessibleName(tr("Legend"));
    m_legend->setToolTip(tr("Click or press Space to hide or show a category, double-click or "
                            "press Enter to show it alone."));
    m_gradient->setObjectName(QStringLiteral("colorGradient"));
    m_message->setObjectName(QStringLiteral("colorMessage"));
    m_showAll->setObjectName(QStringLiteral("colorShowAll"));
    m_showAll->setToolTip(tr("Show the categories that were hidden."));
    m_size->setObjectName(QStringLiteral("colorSize"));
    m_size->setAccessibleName(tr("Point size"));
    m_opacity->setObjectName(QStringLiteral("colorOpacity"));
    m_opacity->setAccessibleName(tr("Opacity"));
    m_opacity->setToolTip(tr("How solid the points are; where many lie on each other, less shows "
                             "more."));
    m_label->setObjectName(QStringLiteral("labelColumn"));
    m_label->setAccessibleName(tr("Label by"));
    m_label->setToolTip(tr("What the points are called on the map and in the lists."));
}

void ColorPanel::showDataset()
{
    const Dataset* dataset = m_workspace.dataset().get();
    m_label->setColumns(dataset, tr("Row number"), isNoImage);
    m_label->setColumn(dataset ? dataset->labelColumn() : std::nullopt);
    m_size->setEnabled(dataset != nullptr);
    m_opacity->setEnabled(dataset != nullptr);
    showColumns();
}

void ColorPanel::showColumns()
{
    m_column->setColumns(m_workspace.color()->columns(), tr("None"), isNoImage);
    showColoring();
}

void ColorPanel::showColoring()
{
    const ColorState* color = m_workspace.color();
    const Dataset* dataset = m_workspace.dataset().get();
    m_column->setColumn(color->column());
    m_mode->setCurrentIndex(m_mode->findData(static_cast<int>(color->mode())));
    m_mode->setEnabled(dataset && color->column());
    const Coloring* coloring = color->coloring().get();
    const bool isGradient = coloring && coloring->isGradient;
    m_gradient->setVisible(isGradient);
    if (isGradient)
        m_gradient->setScale(coloring->minimum, coloring->maximum, color->theme());
    const bool hasLegend = coloring && !coloring->legend.empty();
    m_legend->setVisible(hasLegend);
    m_showAll->setVisible(hasLegend);
    if (!dataset)
        m_message->say(tr("Open a file to colour its points."));
    else if (color->isAwaitingMapColumn())
        m_message->say(tr("The colours follow as soon as the map has been measured."));
    else if (!color->column())
        m_message->say(tr("All points have one colour."));
    else if (color->columns().isOfMap(*color->column()))
        m_message->say(tr("Measured on the map shown; points without a value were not examined."));
    else
        m_message->say({});
    showVisibility();
}

void ColorPanel::showVisibility()
{
    m_showAll->setEnabled(m_workspace.color()->isAnyHidden());
}

void ColorPanel::showStyle()
{
    const ColorState* color = m_workspace.color();
    const QSignalBlocker sizeBlocker(m_size);
    const QSignalBlocker opacityBlocker(m_opacity);
    m_size->setValue(static_cast<int>(std::lround(color->pointRadius() * kSizeSteps)));
    m_opacity->setValue(static_cast<int>(std::lround(color->opacity() * 100)));
    m_size->setToolTip(tr("Points are %1 pixels across.").arg(2 * color->pointRadius(), 0, 'f', 1));
}

int ColorPanel::legendRow() const
{
    return m_legend->currentIndex().isValid() ? m_legend->currentIndex().row() : -1;
}

bool ColorPanel::eventFilter(QObject* watched, QEvent* event)
{
    ColorState* color = m_workspace.color();
    if (watched == m_legend->viewport()
        && (event->type() == QEvent::MouseButtonRelease
            || event->type() == QEvent::MouseButtonDblClick)) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const QModelIndex at = m_legend->indexAt(mouse->position().toPoint());
        if (mouse->button() != Qt::LeftButton || !at.isValid())
            return false;
        const std::uint16_t code = m_model->codeAt(at.row());
        if (event->type() == QEvent::MouseButtonDblClick) {
            color->toggleHidden(code); // Takes back what the first of the two clicks did.
            color->solo(code);
            m_isSecondRelease = true;
        } else if (m_isSecondRelease) {
            m_isSecondRelease = false;
        } else if (at == m_legend->currentIndex()) {
            color->toggleHidden(code);
        }
        return false;
    }
    if (watched == m_legend && event->type() == QEvent::KeyPress && legendRow() >= 0) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const std::uint16_t code = m_model->codeAt(legendRow());
        if (key == Qt::Key_Space) {
            color->toggleHidden(code);
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            color->solo(code);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace embedscope::ui
