#pragma once

#include "core/projection/projection.h"

#include <QWidget>
#include <map>
#include <memory>
#include <string>

class QComboBox;
class QPushButton;
class QSpinBox;

namespace embedscope::ui {

class ParameterForm;

/// Chooses a method and all that a run of it can be told. What was set for a method is kept while
/// others are looked at.
class MethodForm : public QWidget
{
    Q_OBJECT

public:
    explicit MethodForm(QWidget* parent = nullptr);

    /// What is set. `start` is given where the run shall start from the map shown.
    ProjectionRequest request() const;
    /// Fills the form; `start` is not looked at.
    void setRequest(const ProjectionRequest& request);

    void setDataset(std::shared_ptr<const Dataset> dataset);
    /// The map that a run can start from; null while there is none.
    void setMapShown(std::shared_ptr<const Layout> layout);

    void setExplainedElsewhere(bool isExplained);
    /// What the method's picture shows and what it does not.
    QString description() const;

signals:
    void changed();
    void explained(const QString& help);

private:
    void makeOwnFields();
    void chooseMethod();
    void showParameters();
    void keepValues();
    const Method* method() const;
    bool isDefault() const;
    void restoreDefaults();

    QComboBox* m_method;
    ParameterForm* m_form;
    QComboBox* m_dimensions;
    QSpinBox* m_seed;
    QComboBox* m_normalization;
    QComboBox* m_preprocess;
    QSpinBox* m_components;
    QPushButton* m_restore;
    std::string m_shownMethod; ///< Whose fields the form has.
    std::map<std::string, ParameterValues> m_kept; ///< By method.
    std::shared_ptr<const Layout> m_mapShown;
};

} // namespace embedscope::ui
