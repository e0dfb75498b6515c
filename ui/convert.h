#pragma once

#include <QLocale>
#include <QString>
#include <string>
#include <string_view>

namespace embedscope::ui {

/// std to Qt and back, here alone. Core's text is UTF-8; paths are the bytes the system gave.

inline QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

inline std::string toStdString(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

/// A count for a person: digits in groups.
inline QString numberText(qint64 number)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::DefaultNumberOptions); // The C locale leaves groups out.
    return locale.toString(number);
}

} // namespace embedscope::ui
