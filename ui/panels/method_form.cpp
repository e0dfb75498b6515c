#include "ui/panels/method_form.h"

#include "ui/convert.h"
#include "ui/panels/parameter_field.h"
#include "ui/panels/parameter_form.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

namespace embedscope::ui {

namespace {

constexpr const char* kPreferredMethod = "tsne"; ///< The PCA picture is drawn without asking.
/// The parameter that says where points stand at first, in every method that has one.
constexpr std::string_view kStartParameter = "init";
/// Its value in the form for a start from the map shown; no method knows it.
const std::string kMapShown = "@shown";

enum Preprocess
{
    PreprocessAuto,
    PreprocessNone,
    PreprocessNumber
};

bool isOfDepth(std::string_view id)
{
    return id.size() > 2 && id.substr(id.size() - 2) == "_z";
}

bool startsFromMap(const ParameterValues& values)
{
    const ParameterValue* start = findValue(values, kStartParameter);
    const auto* text = start ? std::get_if<std::string>(start) : nullptr;
    return text && *text == kMapShown;
}

} // namespace

MethodForm::MethodForm(QWidget* parent)
    : QWidget(parent)
    , m_method(new QComboBox)
    , m_form(new ParameterForm)
    , m_dimensions(new QComboBox)
    , m_seed(new QSpinBox)
    , m_normalization(new QComboBox)
    , m_preprocess(new QComboBox)
    , m_components(new QSpinBox)
    , m_restore(new QPushButton(tr("Restore defaults")))
{
    m_method->setObjectName(QStringLiteral("projectionMethod"));
    m_method->setAccessibleName(tr("Method"));
    m_method->setToolTip(tr("The method that places the points on the map"));
    m_form->setObjectName(QStringLiteral("projectionForm"));
    m_restore->setObjectName(QStringLiteral("projectionRestore"));
    m_restore->setToolTip(tr("Give every setting of this method its default again."));
    for (const Method& method : methods())
        m_method->addItem(toQString(method.name), toQString(method.id));
    const int preferred = m_method->findData(QString::fromLatin1(kPreferredMethod));
    m_method->setCurrentIndex(std::max(0, preferred));
    makeOwnFields();

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_method);
    layout->addWidget(m_form);
    layout->addWidget(m_restore, 0, Qt::AlignLeft);
    setFocusProxy(m_method);

    connect(m_method, &QComboBox::currentIndexChanged, this, &MethodForm::chooseMethod);
    connect(m_dimensions, &QComboBox::currentIndexChanged, this, [this] {
        keepValues();
        showParameters();
    });
    connect(m_form, &ParameterForm::explained, this, &MethodForm::explained);
    connect(m_restore, &QPushButton::clicked, this, &MethodForm::restoreDefaults);
    connect(m_form, &ParameterForm::changed, this, &MethodForm::changed);
    connect(m_seed, &QSpinBox::valueChanged, this, &MethodForm::changed);
    connect(m_normalization, &QComboBox::currentIndexChanged, this, &MethodForm::changed);
    connect(m_preprocess, &QComboBox::currentIndexChanged, this, [this](int choice) {
        m_components->setEnabled(choice == PreprocessNumber);
        emit changed();
    });
    connect(m_components, &QSpinBox::valueChanged, this, &MethodForm::changed);
    connect(this, &MethodForm::changed, this, [this] { m_restore->setEnabled(!isDefault()); });
    chooseMethod();
}

void MethodForm::makeOwnFields()
{
    m_dimensions->setObjectName(QStringLiteral("dimensions"));
    m_dimensions->addItem(tr("2D"), 2);
    m_dimensions->addItem(tr("3D"), 3);
    m_seed->setObjectName(QStringLiteral("seed"));
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_normalization->setObjectName(QStringLiteral("normalization"));
    m_normalization->addItem(tr("None"), QStringLiteral("none"));
    m_normalization->addItem(tr("Centre"), QStringLiteral("center"));
    m_normalization->addItem(tr("Unit length"), QStringLiteral("unit"));
    m_preprocess->setObjectName(QStringLiteral("preprocess"));
    m_preprocess->addItem(tr("Automatic"));
    m_preprocess->addItem(tr("No"));
    m_preprocess->addItem(tr("To"));
    m_components->setObjectName(QStringLiteral("components"));
    m_components->setRange(2, 10'000);
    m_components->setValue(50);
    m_components->setEnabled(false);
    m_components->setAccessibleName(tr("Principal components to keep"));

    auto* reduce = new QWidget;
    auto* reduceLayout = new QHBoxLayout(reduce);
    reduceLayout->setContentsMargins(0, 0, 0, 0);
    reduceLayout->addWidget(m_preprocess, 1);
    reduceLayout->addWidget(m_components);
    reduce->setFocusProxy(m_preprocess);
    m_form->addField({}, tr("Dimensions"), m_dimensions,
        tr("A map to look down on, or one to turn round. A third dimension leaves more room for "
           "what is near to stay near, and is harder to read."));
    const QString group = tr("Preparation");
    m_form->addField(group, tr("Seed"), m_seed,
        tr("Starts the random numbers. The same seed and settings always give the same map; "
           "another seed shows how much of the picture is chance."));
    m_form->addField(group, tr("Normalise"), m_normalization,
        tr("What is done to the vectors first. Centre subtracts the mean vector; unit length "
           "scales each to length 1, so that only directions count."));
    m_form->addField(group, tr("Reduce first"), reduce,
        tr("Keeps only so many principal components before the method starts: faster, with less "
           "noise. Automatic goes by the method: t-SNE takes 50 where the table is wider."));
}

const Method* MethodForm::method() const
{
    return findMethod(toStdString(m_method->currentData().toString()));
}

void MethodForm::keepValues()
{
    if (m_shownMethod.empty())
        return;
    ParameterValues values = m_form->values();
    // What is not asked for in two dimensions is kept for three.
    for (const auto& [id, value] : m_kept[m_shownMethod]) {
        if (isOfDepth(id) && !m_form->field(id))
            values.emplace_back(id, value);
    }
    m_kept[m_shownMethod] = std::move(values);
}

void MethodForm::chooseMethod()
{
    keepValues();
    showParameters();
}

void MethodForm::showParameters()
{
    const Method* chosen = method();
    if (!chosen)
        return;
    const bool isFlat = m_dimensions->currentData().toInt() == 2;
    std::vector<ParameterInfo> rows;
    for (const ParameterInfo& info : chosen->parameters) {
        if (!isFlat || !isOfDepth(info.id))
            rows.push_back(info);
    }
    m_shownMethod = chosen->id;
    {
        const QSignalBlocker blocker(this);
        m_form->setParameters(rows);
        if (ParameterField* start = m_form->field(kStartParameter))
            start->addChoice(tr("The map shown"), kMapShown);
        m_form->setValues(m_kept[m_shownMethod]);
    }
    emit changed();
}

ProjectionRequest MethodForm::request() const
{
    ProjectionRequest request;
    request.method = m_shownMethod;
    request.dimensions = m_dimensions->currentData().toInt();
    request.seed = static_cast<std::uint64_t>(m_seed->value());
    request.normalization = toStdString(m_normalization->currentData().toString());
    if (m_preprocess->currentIndex() == PreprocessNone)
        request.preprocessPca = 0;
    else if (m_preprocess->currentIndex() == PreprocessNumber)
        request.preprocessPca = m_components->value();
    request.parameters = m_form->values();
    if (startsFromMap(request.parameters)) {
        request.start = m_mapShown;
        std::erase_if(
            request.parameters, [](const auto& pair) { return pair.first == kStartParameter; });
    }
    return request;
}

void MethodForm::setRequest(const ProjectionRequest& request)
{
    const int at = m_method->findData(toQString(request.method));
    if (at < 0)
        return;
    keepValues();
    {
        const QSignalBlocker blocker(this);
        m_shownMethod.clear(); // Or the values of the method shown would be kept over these.
        m_kept[request.method] = request.parameters;
        const QSignalBlocker methods(m_method);
        m_method->setCurrentIndex(at);
        const QSignalBlocker dimensions(m_dimensions);
        m_dimensions->setCurrentIndex(m_dimensions->findData(request.dimensions));
        m_seed->setValue(static_cast<int>(std::min<std::uint64_t>(
            request.seed, static_cast<std::uint64_t>(std::numeric_limits<int>::max()))));
        m_normalization->setCurrentIndex(
            m_normalization->findData(toQString(request.normalization)));
        const int components = request.preprocessPca.value_or(-1);
        m_preprocess->setCurrentIndex(components < 0 ? PreprocessAuto
                : components == 0                    ? PreprocessNone
                                                     : PreprocessNumber);
        if (components > 0)
            m_components->setValue(components);
    }
    showParameters();
}

bool MethodForm::isDefault() const
{
    return m_form->isDefault() && m_dimensions->currentIndex() == 0 && m_seed->value() == 0
        && m_normalization->currentIndex() == 0 && m_preprocess->currentIndex() == PreprocessAuto;
}

void MethodForm::restoreDefaults()
{
    ProjectionRequest defaults;
    defaults.method = m_shownMethod;
    setRequest(defaults);
}

void MethodForm::setDataset(std::shared_ptr<const Dataset> dataset)
{
    if (dataset)
        m_components->setMaximum(
            static_cast<int>(std::clamp<Index>(dataset->dimensions(), 2, 10'000)));
    m_form->setDataset(std::move(dataset));
}

void MethodForm::setMapShown(std::shared_ptr<const Layout> layout)
{
    m_mapShown = std::move(layout);
}

void MethodForm::setExplainedElsewhere(bool isExplained)
{
    m_form->setExplainedElsewhere(isExplained);
}

QString MethodForm::description() const
{
    const Method* chosen = method();
    return chosen ? toQString(chosen->description) : QString();
}

} // namespace embedscope::ui
