//! Employees who may recharge a sub-merchant with a code.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::{
    api::EchoMismatch,
    types::{DateTime, Mchid, Openid},
};

/// State of an employee (员工状态).
#[open_enum]
pub enum EmployeeState {
    /// May recharge.
    Effective = "EFFECTIVE",
    /// Deleted.
    Deleted = "DELETED",
}

/// Adds an employee of a sub-merchant (添加二级商户可扫码充值员工).
///
/// `POST /v3/platsolution/ecommerce/recharge-employees`.
///
/// Safe to retry unchanged: an employee is added once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/recharge-employees",
    response = Employee, idempotency = ByNumber, echo(sub_mchid), echo_if_present(sp_openid)
)]
#[request(new = "Creates the request for a person under the platform's app.")]
#[non_exhaustive]
pub struct AddEmployee {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Employee under the platform's app.
    pub sp_openid: Openid,
}

/// Deletes an employee of a sub-merchant (删除二级商户可扫码充值员工).
///
/// `POST /v3/platsolution/ecommerce/recharge-employees/sub-mchid/{sub_mchid}/sp-openid/{sp_openid}/delete`.
///
/// Safe to retry unchanged: a deleted employee stays deleted.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/recharge-employees/sub-mchid/{sub_mchid}/sp-openid/{sp_openid}/delete",
    response = Employee, idempotency = ByNumber, echo(sub_mchid), echo_if_present(sp_openid)
)]
#[request(new = "Creates the request for a person under the platform's app.")]
#[non_exhaustive]
pub struct DeleteEmployee {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Employee under the platform's app.
    pub sp_openid: Openid,
}

/// Lists the employees of a sub-merchant (查询二级商户可扫码充值员工列表).
///
/// `GET /v3/platsolution/ecommerce/recharge-employees/sub-mchid/{sub_mchid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/recharge-employees/sub-mchid/{sub_mchid}",
    response = Employees, check = same_merchant
)]
#[request(new = "Creates the request for the employees of `sub_mchid`.")]
#[non_exhaustive]
pub struct ListEmployees {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

fn same_merchant(request: &ListEmployees, response: &Employees) -> Result<(), EchoMismatch> {
    response
        .employees
        .iter()
        .try_for_each(|employee| EchoMismatch::compare("sub_mchid", &request.sub_mchid, &employee.sub_mchid))
}

/// Employees of a sub-merchant.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Employees {
    /// The employees.
    pub employees: Vec<Employee>,
}

/// An employee who may recharge with a code (可扫码充值员工).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Employee {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Employee under the platform's app.
    pub sp_openid: Option<Openid>,
    /// State.
    pub state: Option<EmployeeState>,
    /// Time of the addition.
    pub create_time: Option<DateTime>,
    /// Time of the last change.
    pub update_time: Option<DateTime>,
}
