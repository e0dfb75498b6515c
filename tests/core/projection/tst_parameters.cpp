#include "core/projection/bindings.h"
#include "core/projection/projection.h"

#include <QTest>
#include <limits>

using namespace embedscope;

class TestParameters : public QObject
{
    Q_OBJECT

private slots:
    void rowsAndFieldsAgree();
    void textIsReadIntoTheKind();
    void valuesOutOfRangeAreRefusedWithWhatIsAllowed();
    void unknownNamesListTheValidOnes();
    void everyMethodsTableIsSound();
};

namespace {

struct Options
{
    bool flag = true;
    std::int64_t count = 7;
    double rate = 0.5;
    std::optional<double> step;
    std::string mode = "slow";
};

constexpr std::array kModes{Choice{"slow", "Slow"}, Choice{"fast", "Fast"}};

ParameterRow<Options> row(std::string_view id, ParameterRow<Options>::Field field)
{
    ParameterRow<Options> result;
    result.info.id = id;
    result.info.label = id;
    result.info.help = "Help.";
    result.info.minimum = 0;
    result.info.maximum = 10;
    result.info.choices = kModes;
    result.field = field;
    return result;
}

const std::array kRows{row("flag", &Options::flag), row("count", &Options::count),
    row("rate", &Options::rate), row("step", &Options::step), row("mode", &Options::mode)};

} // namespace

void TestParameters::rowsAndFieldsAgree()
{
    const auto infos = describeRows(kRows);
    QVERIFY(infos[0].kind == ParameterKind::Boolean && infos[1].kind == ParameterKind::Integer);
    QVERIFY(infos[2].kind == ParameterKind::Real && infos[4].kind == ParameterKind::Choice);
    QVERIFY(infos[3].allowsAuto && !infos[2].allowsAuto);
    QCOMPARE(toText(infos[3].defaultValue), std::string("auto"));

    const auto values
        = resolvedValues(infos, {{"count", std::string("3")}, {"step", 0.25}, {"mode", "fast"}})
              .value();
    const Options options = readOptions(kRows, values);
    QCOMPARE(options.flag, true);
    QCOMPARE(options.count, 3);
    QCOMPARE(options.rate, 0.5);
    QVERIFY(options.step == 0.25);
    QCOMPARE(options.mode, std::string("fast"));
    QVERIFY(recordOptions(kRows, options) == values);
    QVERIFY(!readOptions(kRows, resolvedValues(infos, {}).value()).step);
}

void TestParameters::textIsReadIntoTheKind()
{
    const auto infos = describeRows(kRows);
    QVERIFY(checkedValue(infos[0], std::string("off")).value() == ParameterValue(false));
    QVERIFY(checkedValue(infos[1], 4.0).value() == ParameterValue(std::int64_t{4}));
    QVERIFY(checkedValue(infos[2], std::int64_t{4}).value() == ParameterValue(4.0));
    QVERIFY(checkedValue(infos[2], std::string("1e-3")).value() == ParameterValue(1e-3));
    QVERIFY(checkedValue(infos[3], std::string("auto")).value() == ParameterValue("auto"));
}

void TestParameters::valuesOutOfRangeAreRefusedWithWhatIsAllowed()
{
    const auto infos = describeRows(kRows);
    const auto refused = [&](std::size_t i, const ParameterValue& value, std::string_view hint) {
        const auto result = checkedValue(infos.at(i), value);
        return !result.ok() && result.error().code == ErrorCode::InvalidArgument
            && result.error().detail.find(hint) != std::string::npos;
    };
    QVERIFY(refused(0, std::string("maybe"), "true or false"));
    QVERIFY(refused(1, std::string("11"), "whole number from 0 to 10"));
    QVERIFY(refused(1, 3.5, "whole number"));
    QVERIFY(refused(2, -0.1, "from 0 to 10"));
    QVERIFY(refused(2, std::string("nan"), "from 0 to 10"));
    QVERIFY(refused(2, std::string("auto"), "from 0 to 10"));
    QVERIFY(refused(3, std::numeric_limits<double>::infinity(), "or auto"));
    QVERIFY(refused(4, std::string("medium"), "slow, fast"));
}

void TestParameters::unknownNamesListTheValidOnes()
{
    const auto infos = describeRows(kRows);
    const auto result = resolvedValues(infos, {{"speed", 1.0}});
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::InvalidArgument);
    for (const ParameterInfo& info : infos)
        QVERIFY(result.error().detail.find(info.id) != std::string::npos);
}

void TestParameters::everyMethodsTableIsSound()
{
    for (const Method& method : methods()) {
        QVERIFY(findMethod(method.id) == &method);
        QVERIFY(!method.name.empty() && !method.description.empty());
        for (const ParameterInfo& info : method.parameters) {
            QVERIFY(!info.label.empty() && !info.help.empty() && info.help.back() == '.');
            // A default must pass its own check unchanged.
            QVERIFY(checkedValue(info, info.defaultValue).value() == info.defaultValue);
            QVERIFY((info.kind == ParameterKind::Choice) == !info.choices.empty());
        }
    }
    QVERIFY(findMethod("nonsense") == nullptr);
}

QTEST_APPLESS_MAIN(TestParameters)
#include "tst_parameters.moc"
