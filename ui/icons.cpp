#include "ui/icons.h"

#include <QColor>
#include <QFile>
#include <QGuiApplication>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>

namespace embedscope::ui {

namespace {

/// Draws an SVG whose strokes are `currentColor` in the palette's text colour.
class TintedIcon : public QIconEngine
{
public:
    TintedIcon(QString name, QColor fixed)
        : m_name(std::move(name))
        , m_fixed(std::move(fixed))
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        QSvgRenderer renderer(svg(colorFor(mode)));
        const int side = std::min(rect.width(), rect.height());
        QRectF square(0, 0, side, side);
        square.moveCenter(QRectF(rect).center());
        renderer.render(painter, square);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    /// `size` is in device pixels, as QIcon asks for it.
    QPixmap scaledPixmap(
        const QSize& size, QIcon::Mode mode, QIcon::State state, qreal /*scale*/) override
    {
        const QString key = QStringLiteral("%1/%2x%3")
                                .arg(colorFor(mode).name())
                                .arg(size.width())
                                .arg(size.height());
        if (const auto known = m_pixmaps.constFind(key); known != m_pixmaps.constEnd())
            return *known;
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        painter.end();
        m_pixmaps.insert(key, pixmap);
        return pixmap;
    }

    QIconEngine* clone() const override { return new TintedIcon(m_name, m_fixed); }
    bool isNull() override { return !QFile::exists(path()); }
    QString iconName() override { return m_name; }

private:
    QString path() const { return QStringLiteral(":/icons/%1.svg").arg(m_name); }

    QColor colorFor(QIcon::Mode mode) const
    {
        if (m_fixed.isValid() && mode != QIcon::Disabled)
            return m_fixed;
        const QPalette palette = QGuiApplication::palette();
        switch (mode) {
        case QIcon::Disabled:
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        case QIcon::Selected:
            return palette.color(QPalette::HighlightedText);
        default:
            return palette.color(QPalette::ButtonText);
        }
    }

    QByteArray svg(const QColor& color) const
    {
        QFile file(path());
        if (!file.open(QIODevice::ReadOnly))
            return {};
        return file.readAll().replace("currentColor", color.name().toLatin1());
    }

    QString m_name;
    QColor m_fixed; ///< Invalid: the palette's.
    QHash<QString, QPixmap> m_pixmaps; ///< By colour and size; a theme more is a handful more.
};

} // namespace

QIcon icon(const QString& name)
{
    return QIcon(new TintedIcon(name, {}));
}

QIcon icon(const QString& name, const QColor& color)
{
    return QIcon(new TintedIcon(name, color));
}

QIcon applicationIcon()
{
    return QIcon(QStringLiteral(":/embedscope.svg"));
}

} // namespace embedscope::ui
