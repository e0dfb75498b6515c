#include "ui/dialogs/tensor_chooser.h"

#include "core/base/text.h"
#include "ui/convert.h"
#include "ui/models/tensor_list_model.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileInfo>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr std::chrono::milliseconds kSettleTime(120);
constexpr Index kPreviewRows = 6;
constexpr Index kPreviewColumns = 8;

/// The score as a bar, of which one sees the order at a glance.
class ScoreDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const double score = index.data(TensorListModel::SortRole).toDouble();
        const QRectF whole = QRectF(option.rect).adjusted(6, 0, -6, 0);
        const QRectF bar(whole.left(), whole.center().y() - 3, whole.width(), 6);
        const bool isMarked = option.state.testFlag(QStyle::State_Selected);
        QColor color
            = option.palette.color(isMarked ? QPalette::HighlightedText : QPalette::Highlight);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        QColor ground = option.palette.color(isMarked ? QPalette::HighlightedText : QPalette::Text);
        ground.setAlphaF(0.15F);
        painter->setBrush(ground);
        painter->drawRoundedRect(bar, 3, 3);
        if (score > 0) {
            painter->setBrush(color);
            painter->drawRoundedRect(
                QRectF(bar.left(), bar.top(), std::max(6.0, bar.width() * score), bar.height()), 3,
                3);
        }
        painter->restore();
    }
};

QString fewDigits(float value)
{
    return toQString(formatNumber(std::round(static_cast<double>(value) * 1e4) / 1e4));
}

} // namespace

TensorChooser::TensorChooser(const QString& path, const ReadOptions& options,
    std::shared_ptr<const TableList> tables, const std::string& current, QWidget* parent)
    : QDialog(parent)
    , m_path(path)
    , m_count(static_cast<qint64>(tables->tables.size()))
    , m_about(new QLabel(this))
    , m_options(options)
    , m_model(new TensorListModel(tables, this))
    , m_proxy(new QSortFilterProxyModel(this))
    , m_filter(new QLineEdit(this))
    , m_list(new QTreeView(this))
    , m_caption(new QLabel(this))
    , m_rows(new QStandardItemModel(this))
    , m_preview(new QTableView(this))
{
    setObjectName(QStringLiteral("tensorChooser"));
    setWindowTitle(tr("Choose a Table"));
    m_about->setText(tr("%1 holds %2 tables. Which one is to be opened?")
                         .arg(QFileInfo(path).fileName(), numberText(m_count)));
    m_about->setObjectName(QStringLiteral("tensorAbout"));
    m_about->setWordWrap(true);
    m_about->setTextFormat(Qt::PlainText);
    m_filter->setObjectName(QStringLiteral("tensorFilter"));
    m_filter->setPlaceholderText(tr("Filter by name"));
    m_filter->setAccessibleName(tr("Filter by name"));
    m_filter->setClearButtonEnabled(true);
    m_filter->installEventFilter(this);

    m_proxy->setSourceModel(m_model);
    m_proxy->setSortRole(TensorListModel::SortRole);
    m_proxy->setFilterKeyColumn(TensorListModel::NameColumn);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_list->setObjectName(QStringLiteral("tensorList"));
    m_list->setAccessibleName(tr("Tables of the file"));
    m_list->setModel(m_proxy);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAlternatingRowColors(true);
    m_list->setSortingEnabled(true);
    m_list->sortByColumn(TensorListModel::ScoreColumn, Qt::DescendingOrder);
    m_list->setItemDelegateForColumn(TensorListModel::ScoreColumn, new ScoreDelegate(m_list));
    m_list->setTextElideMode(Qt::ElideMiddle);
    QHeaderView* header = m_list->header();
    header->setStretchLastSection(true);
    const int em = fontMetrics().averageCharWidth();
    header->resizeSection(TensorListModel::NameColumn, 40 * em);
    header->resizeSection(TensorListModel::ShapeColumn, 17 * em);
    header->resizeSection(TensorListModel::TypeColumn, 11 * em);
    header->resizeSection(TensorListModel::ScoreColumn, 12 * em);

    m_caption->setObjectName(QStringLiteral("tensorCaption"));
    m_caption->setWordWrap(true);
    m_caption->setTextFormat(Qt::PlainText);
    m_preview->setObjectName(QStringLiteral("tensorPreview"));
    m_preview->setAccessibleName(tr("First rows of the table"));
    m_preview->setModel(m_rows);
    m_preview->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_preview->setSelectionMode(QAbstractItemView::NoSelection);
    m_preview->setFocusPolicy(Qt::NoFocus);
    m_preview->horizontalHeader()->setDefaultSectionSize(11 * em);
    m_preview->horizontalHeader()->setHighlightSections(false);
    m_preview->verticalHeader()->setHighlightSections(false);
    const int rowHeight = fontMetrics().height() + 8;
    m_preview->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_preview->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_preview->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_preview->setFixedHeight((static_cast<int>(kPreviewRows) + 1) * rowHeight + 6);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_open = buttons->addButton(tr("&Open"), QDialogButtonBox::AcceptRole);
    m_open->setObjectName(QStringLiteral("tensorOpen"));
    m_open->setDefault(true);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(20, 20, 20, 16);
    rows->setSpacing(10);
    rows->addWidget(m_about);
    rows->addWidget(m_filter);
    rows->addWidget(m_list, 1);
    rows->addWidget(m_caption);
    rows->addWidget(m_preview);
    rows->addWidget(buttons);
    resize(150 * em, 640);

    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleTime);
    connect(&m_settle, &QTimer::timeout, this, &TensorChooser::readPreview);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_proxy->setFilterFixedString(text);
        if (!m_list->currentIndex().isValid())
            m_list->setCurrentIndex(m_proxy->index(0, 0));
        follow();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
        &TensorChooser::follow);
    connect(m_list, &QTreeView::doubleClicked, this, [this] {
        if (m_open->isEnabled())
            accept();
    });

    int first = tables->best ? static_cast<int>(*tables->best) : 0;
    for (std::size_t i = 0; i < tables->tables.size() && !current.empty(); ++i) {
        if (tables->tables[i].name == current)
            first = static_cast<int>(i);
    }
    m_list->setCurrentIndex(m_proxy->mapFromSource(m_model->index(first, 0)));
    m_list->scrollTo(m_list->currentIndex());
    m_filter->setFocus();
    follow();
}

void TensorChooser::askForAdded()
{
    m_about->setText(tr("%1 holds %2 tables. Which one is to be added to the map?")
                         .arg(QFileInfo(m_path).fileName(), numberText(m_count)));
    m_open->setText(tr("&Add"));
}

std::string TensorChooser::chosen() const
{
    const int row = currentRow();
    return row < 0 ? std::string() : m_model->table(row).name;
}

bool TensorChooser::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_filter && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp
            || key == Qt::Key_PageDown)
            return QCoreApplication::sendEvent(m_list, event);
    }
    return QDialog::eventFilter(watched, event);
}

int TensorChooser::currentRow() const
{
    const QModelIndex index = m_proxy->mapToSource(m_list->currentIndex());
    return index.isValid() ? index.row() : -1;
}

void TensorChooser::follow()
{
    const int row = currentRow();
    m_runner.discard();
    m_settle.stop();
    m_open->setEnabled(row >= 0 && m_model->table(row).score > 0);
    if (row < 0) {
        say(tr("No table of the file has this in its name."));
    } else if (m_model->table(row).score <= 0) {
        say(tr("This cannot be opened: %1.").arg(toQString(printable(m_model->table(row).reason))));
    } else {
        m_settle.start();
    }
}

void TensorChooser::readPreview()
{
    const int row = currentRow();
    if (row < 0)
        return;
    ReadOptions options = m_options;
    options.tensor = m_model->table(row).name;
    options.metadataPath.clear();
    options.labelColumn.clear();
    options.rows = {};
    options.rows.range = std::pair<Index, Index>(0, kPreviewRows);
    m_runner.run<std::shared_ptr<const Dataset>>(
        [options, file = QFile::encodeName(m_path).toStdString()](
            const JobContext& context) { return openDataset(file, options, context.progress()); },
        [this](Result<std::shared_ptr<const Dataset>> dataset) {
            if (dataset)
                showPreview(**dataset);
            else if (dataset.error().code != ErrorCode::Stopped)
                say(toQString(describe(dataset.error())));
        });
}

void TensorChooser::showPreview(const Dataset& dataset)
{
    const Index rows = std::min(kPreviewRows, dataset.size());
    const Index columns = std::min(kPreviewColumns, dataset.dimensions());
    const bool isCut = columns < dataset.dimensions();
    m_rows->clear();
    for (Index j = 0; j < columns; ++j)
        m_rows->setHorizontalHeaderItem(static_cast<int>(j), new QStandardItem(QString::number(j)));
    if (isCut)
        m_rows->setHorizontalHeaderItem(
            static_cast<int>(columns), new QStandardItem(QStringLiteral("…")));
    for (Index i = 0; i < rows; ++i) {
        const QString name = toQString(printable(dataset.name(static_cast<PointId>(i))));
        m_rows->setVerticalHeaderItem(static_cast<int>(i),
            new QStandardItem(m_preview->fontMetrics().elidedText(
                name, Qt::ElideRight, 20 * fontMetrics().averageCharWidth())));
        for (Index j = 0; j < columns; ++j) {
            auto* item = new QStandardItem(fewDigits(dataset.vectors()(i, j)));
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_rows->setItem(static_cast<int>(i), static_cast<int>(j), item);
        }
        if (isCut) {
            auto* item = new QStandardItem(QStringLiteral("…"));
            item->setTextAlignment(Qt::AlignCenter);
            m_rows->setItem(static_cast<int>(i), static_cast<int>(columns), item);
        }
    }
    m_caption->setText(tr("The first rows:"));
}

void TensorChooser::say(const QString& sentence)
{
    m_rows->clear();
    m_caption->setText(sentence);
}

} // namespace embedscope::ui
