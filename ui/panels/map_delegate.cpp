#include "ui/panels/map_delegate.h"

#include "ui/icons.h"
#include "ui/models/layout_list_model.h"

#include <QApplication>
#include <QPainter>

namespace embedscope::ui {

namespace {

constexpr int kMargin = 6;
constexpr int kGap = 8;
constexpr int kIcon = 16;
constexpr int kShownBar = 3;
constexpr double kDetailShare = 0.9;

QRect pictureRect(const QRect& row)
{
    const QSize size = LayoutListModel::thumbnailSize();
    return {row.left() + kMargin, row.top() + (row.height() - size.height()) / 2, size.width(),
        size.height()};
}

QRect textRect(const QRect& row)
{
    return row.adjusted(
        kMargin + LayoutListModel::thumbnailSize().width() + kGap, kMargin, -kMargin, -kMargin);
}

QFont detailFont(QFont font)
{
    font.setPointSizeF(font.pointSizeF() * kDetailShare);
    return font;
}

} // namespace

QSize MapDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    const int text = QFontMetrics(option.font).lineSpacing()
        + QFontMetrics(detailFont(option.font)).lineSpacing();
    return {120, std::max(text, LayoutListModel::thumbnailSize().height()) + 2 * kMargin};
}

void MapDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QWidget* view = option.widget;
    const QStyle* style = view ? view->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, view);
    painter->save();
    const bool isSelected = (option.state & QStyle::State_Selected) != 0;
    const QPalette::ColorGroup group
        = (option.state & QStyle::State_Active) != 0 ? QPalette::Active : QPalette::Inactive;
    const QColor text
        = option.palette.color(group, isSelected ? QPalette::HighlightedText : QPalette::Text);

    const QRect picture = pictureRect(option.rect);
    // On the ground that the colours were chosen for.
    painter->setPen(option.palette.color(QPalette::Mid));
    painter->setBrush(option.palette.color(QPalette::Base));
    painter->drawRect(picture.adjusted(-1, -1, 0, 0));
    painter->drawImage(
        picture.topLeft(), index.data(LayoutListModel::ThumbnailRole).value<QImage>());
    const bool isShown = index.data(LayoutListModel::IsShownRole).toBool();
    if (isShown)
        painter->fillRect(
            QRect(option.rect.left(), option.rect.top() + 2, kShownBar, option.rect.height() - 4),
            option.palette.color(QPalette::Link));

    QRect words = textRect(option.rect);
    if (index.data(LayoutListModel::IsPinnedRole).toBool()) {
        icon(QStringLiteral("pin"), text)
            .paint(painter, QRect(words.right() - kIcon, words.top(), kIcon, kIcon));
        words.setRight(words.right() - kIcon - kGap);
    }
    QFont name = option.font;
    name.setBold(isShown);
    const QFontMetrics metrics(name);
    const QFont small = detailFont(option.font);
    const QFontMetrics smallMetrics(small);
    const int top
        = words.top() + (words.height() - metrics.lineSpacing() - smallMetrics.lineSpacing()) / 2;
    painter->setPen(text);
    painter->setFont(name);
    painter->drawText(QRect(words.left(), top, words.width(), metrics.lineSpacing()),
        Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(index.data().toString(), Qt::ElideMiddle, words.width()));
    QColor quiet = text;
    quiet.setAlphaF(0.75F);
    painter->setPen(quiet);
    painter->setFont(small);
    painter->drawText(
        QRect(words.left(), top + metrics.lineSpacing(), words.width(), smallMetrics.lineSpacing()),
        Qt::AlignLeft | Qt::AlignVCenter,
        smallMetrics.elidedText(
            index.data(LayoutListModel::DetailRole).toString(), Qt::ElideRight, words.width()));
    painter->restore();
}

void MapDelegate::updateEditorGeometry(
    QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex&) const
{
    QRect words = textRect(option.rect);
    const int height = std::max(editor->sizeHint().height(), words.height() / 2);
    editor->setGeometry(
        words.left() - 3, words.center().y() - height / 2, words.width() + 3, height);
}

} // namespace embedscope::ui
