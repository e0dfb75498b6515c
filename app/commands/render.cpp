#include "app/commands/projecting.h"

#include "app/display.h"
#include "core/base/text.h"
#include "core/io/writers/write.h"
#include "core/plot/coloring.h"
#include "core/projection/recipe_text.h"
#include "ui/plot/map_painter.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QImage>

#include <clocale>
#include <ostream>

namespace embedscope::app {

namespace {

/// The index of the column to colour by; nullopt for none.
Result<std::optional<std::size_t>> colorColumn(const Dataset& dataset, const std::string& name)
{
    if (name.empty())
        return std::optional<std::size_t>();
    if (const auto found = findColumn(dataset.columns(), name))
        return found;
    std::string known;
    for (const Column& column : dataset.columns())
        known += (known.empty() ? "" : ", ") + column.name();
    return Error{ErrorCode::NotFound,
        "there is no column \"" + name + "\" to colour by"
            + (known.empty() ? "; the table has no columns" : "; there are " + known),
        dataset.provenance().path, {}, {}};
}

std::variant<Layout, Outcome> mapOf(const std::shared_ptr<const Dataset>& dataset,
    const Invocation& invocation, const Progress& progress)
{
    if (invocation.layoutPath.empty()) {
        auto asked = requestOf(invocation);
        if (auto* outcome = std::get_if<Outcome>(&asked))
            return std::move(*outcome);
        return projected(dataset, *std::get_if<ProjectionRequest>(&asked), progress);
    }
    auto layout = readLayout(invocation.layoutPath, *dataset, progress);
    if (!layout)
        return failed(layout.error());
    return std::move(layout).value();
}

/// The picture as the bytes of a PNG; empty where it could not be made.
QByteArray paintedPng(const ui::MapPicture& picture)
{
    drawWithoutDisplay();
    int argc = 1;
    char name[] = "embedscope";
    char* argv[] = {name, nullptr};
    const QGuiApplication application(argc, argv);
    std::setlocale(LC_NUMERIC, "C"); // Qt has set the user's

    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    const QImage image = ui::paintMap(picture);
    if (image.isNull() || !image.save(&buffer, "PNG"))
        bytes.clear();
    return bytes;
}

} // namespace

Outcome runRender(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch watch;
    if (const Status writable = checkWritable(invocation.out); !writable)
        return failed(writable.error());
    const auto opened = openTable(invocation, progress.part(0, 0.1));
    if (!opened)
        return failed(opened.error());
    const std::shared_ptr<const Dataset>& dataset = *opened;
    const auto column = colorColumn(*dataset, invocation.colorBy);
    if (!column)
        return failed(column.error());

    auto result = mapOf(dataset, invocation, progress.part(0.1, 0.9));
    if (auto* outcome = std::get_if<Outcome>(&result))
        return std::move(*outcome);

    ui::MapPicture picture;
    picture.dataset = dataset;
    picture.paths = dataset->paths();
    picture.sources.layout
        = std::make_shared<const Layout>(std::move(*std::get_if<Layout>(&result)));
    picture.sources.theme = invocation.isDark ? Theme::Dark : Theme::Light;
    if (*column) {
        const Column& values = dataset->columns()[**column];
        picture.sources.coloring = std::make_shared<const Coloring>(
            colorByColumn(values, ColorMode::Auto, picture.sources.theme));
        picture.legendTitle = QString::fromStdString(values.name());
    }
    picture.labelCount = invocation.labels;
    picture.size = QSize(invocation.width, invocation.height);
    picture.sources.turn = Turn::fromAngles(invocation.azimuth, invocation.elevation);

    if (progress.stopRequested())
        return failed(stoppedError());
    progress.part(0.9, 1).report("Drawing", 0);
    const QByteArray png = paintedPng(picture);
    if (png.isEmpty()) {
        return failed({ErrorCode::OutOfMemory,
            "there is not enough memory for a picture of this size", invocation.out, {}, {}});
    }
    if (progress.stopRequested())
        return failed(stoppedError());
    const Status written = writeAtomically(invocation.out, [&](std::ostream& out) -> Status {
        out.write(png.constData(), png.size());
        return {};
    });
    if (!written)
        return failed(written.error());
    return {0,
        printable(invocation.out) + ": " + std::to_string(invocation.width) + " × "
            + std::to_string(invocation.height) + " pixels, "
            + formatCount(picture.sources.layout->size()) + " points, in "
            + secondsText(watch.seconds()) + " (" + summary(picture.sources.layout->recipe)
            + ").\n",
        warningLines(dataset->warnings())};
}

} // namespace embedscope::app
