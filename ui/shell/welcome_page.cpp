#include "ui/shell/welcome_page.h"

#include "core/io/format.h"
#include "core/io/samples.h"
#include "ui/convert.h"
#include "ui/icons.h"
#include "ui/shell/recent_files.h"
#include "ui/shell/sample_card.h"
#include "ui/shortcuts.h"

#include <QDir>
#include <QFileInfo>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace embedscope::ui {

namespace {

constexpr int kColumnWidth = 760;
constexpr int kIconSide = 72;

QLabel* heading(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.1);
    label->setFont(font);
    return label;
}

QLabel* quiet(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setTextFormat(Qt::PlainText);
    return label;
}

/// The folder as a person writes it, with ~ for the home.
QString shortFolder(const QString& path)
{
    QString folder = QFileInfo(path).absolutePath();
    const QString home = QDir::homePath();
    if (folder == home || folder.startsWith(home + QLatin1Char('/')))
        folder.replace(0, home.size(), QStringLiteral("~"));
    return folder;
}

void clearLayout(QLayout* layout)
{
    while (QLayoutItem* item = layout->takeAt(0)) {
        // Later: the row may be the one whose button was pressed.
        if (item->widget() != nullptr) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
}

} // namespace

WelcomePage::WelcomePage(RecentFiles& recent, QWidget* parent)
    : QScrollArea(parent)
    , m_recent(recent)
{
    setObjectName(QStringLiteral("welcomePage"));
    setAccessibleName(tr("Start page"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    viewport()->setBackgroundRole(QPalette::Base);
    auto* page = new QWidget(this);
    page->setBackgroundRole(QPalette::Base);
    page->setAutoFillBackground(true);
    auto* column = new QWidget(page);
    column->setMaximumWidth(kColumnWidth);
    auto* rows = new QVBoxLayout(column);
    rows->setContentsMargins(24, 24, 24, 24);
    rows->setSpacing(8);

    auto* head = new QHBoxLayout;
    head->setSpacing(20);
    auto* mark = new QLabel(column);
    mark->setPixmap(
        applicationIcon().pixmap(QSize(kIconSide, kIconSide), mark->devicePixelRatioF()));
    head->addWidget(mark);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    auto* title = new QLabel(tr("Embedscope"), column);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 2);
    large.setBold(true);
    title->setFont(large);
    words->addStretch();
    words->addWidget(title);
    words->addWidget(quiet(tr("Look inside trained embeddings."), column));
    words->addStretch();
    head->addLayout(words, 1);
    auto* open = new QPushButton(icon(QStringLiteral("open")), tr("&Open a File…"), column);
    open->setObjectName(QStringLiteral("welcomeOpen"));
    open->setAccessibleDescription(tr("Chooses a file of embeddings and shows its map"));
    open->setToolTip(displayKeys(shortcut("file.open")));
    open->setDefault(true);
    open->setMinimumSize(180, 44);
    head->addWidget(open, 0, Qt::AlignVCenter);
    rows->addLayout(head);
    auto* drop = quiet(tr("Or drop files anywhere on this window."), column);
    drop->setAlignment(Qt::AlignRight);
    rows->addWidget(drop);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);

    addSamples(rows);

    m_recentBox = new QWidget(column);
    auto* recentRows = new QVBoxLayout(m_recentBox);
    recentRows->setContentsMargins(0, 12, 0, 0);
    recentRows->addWidget(heading(tr("Opened before"), m_recentBox));
    m_recentList = new QVBoxLayout;
    m_recentList->setSpacing(0);
    recentRows->addLayout(m_recentList);
    rows->addWidget(m_recentBox);

    addFormats(rows);

    auto* outer = new QVBoxLayout(page);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addStretch(1);
    auto* across = new QHBoxLayout;
    across->addStretch(1);
    across->addWidget(column, 100);
    across->addStretch(1);
    outer->addLayout(across);
    outer->addStretch(2);
    setWidget(page);

    connect(&m_recent, &RecentFiles::changed, this, &WelcomePage::updateRecent);
    updateRecent();
}

void WelcomePage::setDropTarget(bool isTarget)
{
    if (isTarget == m_isDropTarget)
        return;
    m_isDropTarget = isTarget;
    setFrameShape(isTarget ? QFrame::Box : QFrame::NoFrame);
    setLineWidth(isTarget ? 3 : 0);
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText,
        isTarget ? colors.color(QPalette::Highlight)
                 : QGuiApplication::palette().color(QPalette::WindowText));
    setPalette(isTarget ? colors : QPalette());
}

void WelcomePage::showEvent(QShowEvent* event)
{
    updateRecent(); // Times pass, and files come and go.
    QScrollArea::showEvent(event);
}

void WelcomePage::addSamples(QVBoxLayout* column)
{
    QWidget* parent = column->parentWidget();
    auto* cards = new QHBoxLayout;
    cards->setSpacing(12);
    for (const Sample& sample : samples()) {
        if (!samplePath(sample, programFolder()))
            continue;
        auto* card = new SampleCard(toQString(sample.name), toQString(sample.description), parent);
        card->setObjectName(QStringLiteral("sample-") + toQString(sample.id));
        card->setAccessibleName(tr("Open the sample %1").arg(toQString(sample.name)));
        card->setAccessibleDescription(toQString(sample.description));
        connect(card, &QAbstractButton::clicked, this,
            [this, id = toQString(sample.id)] { emit sampleRequested(id); });
        cards->addWidget(card, 1);
    }
    if (cards->isEmpty()) {
        delete cards;
        return;
    }
    column->addSpacing(12);
    column->addWidget(heading(tr("Samples to look at"), parent));
    column->addLayout(cards);
}

void WelcomePage::addFormats(QVBoxLayout* column)
{
    QWidget* parent = column->parentWidget();
    column->addSpacing(16);
    column->addWidget(heading(tr("What can be opened"), parent));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(4);
    for (const int stretched : {1, 3})
        grid->setColumnStretch(stretched, 1);
    // Downwards first, in two columns.
    const int half = static_cast<int>(formats().size() + 1) / 2;
    int index = 0;
    for (const Format& format : formats()) {
        auto* name = new QLabel(toQString(format.name), parent);
        name->setToolTip(toQString(format.description));
        QStringList suffixes;
        for (const auto extension : format.extensions)
            suffixes.append(QLatin1Char('.') + toQString(extension));
        auto* about = quiet(suffixes.join(QStringLiteral("  ")), parent);
        about->setToolTip(toQString(format.description));
        grid->addWidget(name, index % half, index / half * 2);
        grid->addWidget(about, index % half, index / half * 2 + 1);
        ++index;
    }
    column->addLayout(grid);
    auto* note = quiet(tr("Formats are recognised by what is in the file, not by its name. Nothing "
                          "in a file is ever "
                          "executed."),
        parent);
    note->setWordWrap(true);
    column->addWidget(note);
}

void WelcomePage::updateRecent()
{
    clearLayout(m_recentList);
    const QDateTime now = QDateTime::currentDateTime();
    for (const RecentFile& file : m_recent.files()) {
        const QFileInfo info(file.path);
        const bool isThere = info.isFile();
        auto* row = new QWidget(m_recentBox);
        auto* across = new QHBoxLayout(row);
        across->setContentsMargins(0, 0, 0, 0);
        across->setSpacing(10);
        auto* name = new QToolButton(row);
        name->setObjectName(QStringLiteral("recentFile"));
        name->setAutoRaise(true);
        name->setIcon(icon(QStringLiteral("recent")));
        name->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        name->setText(QString(info.fileName()).replace(QLatin1Char('&'), QStringLiteral("&&")));
        name->setToolTip(file.path);
        name->setEnabled(isThere);
        name->setFocusPolicy(Qt::StrongFocus);
        name->setAccessibleName(tr("Open %1").arg(info.fileName()));
        name->setAccessibleDescription(file.path);
        connect(name, &QToolButton::clicked, this,
            [this, path = file.path] { emit fileRequested(path); });
        across->addWidget(name);
        auto* folder = quiet(isThere ? shortFolder(file.path)
                                     : tr("%1 (no longer there)").arg(shortFolder(file.path)),
            row);
        folder->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        folder->setToolTip(file.path);
        across->addWidget(folder, 1);
        across->addWidget(quiet(relativeTime(file.opened, now), row));
        auto* remove = new QToolButton(row);
        remove->setObjectName(QStringLiteral("recentRemove"));
        remove->setAutoRaise(true);
        remove->setIcon(icon(QStringLiteral("remove")));
        remove->setToolTip(tr("Remove from this list"));
        remove->setAccessibleName(tr("Remove %1 from the list").arg(info.fileName()));
        connect(remove, &QToolButton::clicked, this,
            [this, path = file.path] { m_recent.remove(path); });
        across->addWidget(remove);
        m_recentList->addWidget(row);
    }
    m_recentBox->setVisible(!m_recent.files().isEmpty());
}

} // namespace embedscope::ui
