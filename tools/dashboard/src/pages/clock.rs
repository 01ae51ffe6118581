//! The clock, and what it will bring.

use std::{mem::discriminant, time::Duration};

use axum::response::Response;
use maud::{Markup, html};

use super::{Visit, button::button, frame::Tab, moment, parts};
use wechatpay_sandbox::world::{
    clock::{Day, Due},
    orders::state::OrderState,
    random::beijing_time_of_day,
};

/// Things to come that are listed.
const SHOWN: usize = 20;
/// Of one kind; ten unpaid orders would bury the next bill.
const OF_ONE_KIND: usize = 2;
/// Of so many things to come, for not all that is planned will happen.
const LOOKED_AT: usize = 500;

pub(super) async fn clock(visit: Visit) -> Response {
    let now = visit.now();
    let is_adjustable = visit.engine().world.agenda.is_adjustable();
    let factor = visit.engine().world.agenda.factor();
    visit.page(
        Some(Tab::Clock),
        visit.pick("Clock", "时钟"),
        &html! {
            section class="card clock" {
                p class="amount" { (beijing_time_of_day(now)) }
                p class="quiet" { (Day::of(now)) " · " (visit.pick("Beijing", "北京时间")) }
                @if is_adjustable {
                    (turning(&visit))
                } @else if factor > 1.0 {
                    p class="quiet" {
                        (visit.pick("This clock goes by itself, ", "此时钟自行前进，速度为本机时间的 "))
                        strong { (factor) }
                        (visit.pick(
                            " times as fast as the time of this machine: retries, refunds, expiries and bills with it. It cannot be turned. Signatures may go by another clock.",
                            " 倍：通知重试、退款、订单过期与账单均随之加快。它不能手动快进，签名可能使用另一时钟。",
                        ))
                    }
                } @else {
                    p class="quiet" {
                        (visit.pick(
                            "This clock goes by itself, with the time of this machine. Start the sandbox with an adjustable clock to let days pass at the press of a button: ",
                            "此时钟随本机时间自行前进。以可调时钟启动沙箱，即可一键快进数日：",
                        ))
                        code { "wechatpay sandbox --clock adjustable" }
                    }
                }
            }
            (upcoming(&visit))
            (moment::section(&visit))
        },
    )
}

fn turning(visit: &Visit) -> Markup {
    let turn = |by: &str, label: &str, is_primary: bool| {
        let class = if is_primary { "button primary" } else { "button" };
        button(
            visit,
            "turn",
            &[("by", by)],
            &html! { button type="submit" class=(class) { (label) } },
        )
    };
    html! {
        div class="actions" {
            (turn("15", visit.pick("+15 seconds", "+15 秒"), false))
            (turn("60", visit.pick("+1 minute", "+1 分钟"), false))
            (turn("3600", visit.pick("+1 hour", "+1 小时"), false))
            (turn("86400", visit.pick("+1 day", "+1 天"), true))
            (turn("next-day", visit.pick("Tomorrow 10:05, when the bills are there", "次日 10:05（账单已生成）"), false))
        }
        p class="quiet note" {
            (visit.pick(
                "On the way everything happens that is due: retries, refunds, orders that expire. Signatures keep to the system's time.",
                "快进途中，所有到期事项都会依次发生：通知重试、退款到账、订单过期。签名始终使用系统时间。",
            ))
        }
    }
}

fn upcoming(visit: &Visit) -> Markup {
    let now = visit.now();
    let mut due = visit.engine().world.agenda.upcoming(LOOKED_AT);
    due.retain(|(_, due)| will_happen(visit, due));
    let kinds = by_kind(due);
    html! {
        section aria-labelledby="upcoming" {
            h2 id="upcoming" { (visit.pick("What happens next", "即将发生")) }
            @if kinds.is_empty() {
                (parts::empty(visit.pick("Nothing is planned.", "暂无计划事项。"), &html! {}))
            } @else {
                ol class="card timeline" {
                    @for Listed { wait, due, more } in &kinds {
                        li {
                            (parts::time(later(now, *wait), now))
                            span {
                                (what(visit, due))
                                @if let Some((number, last)) = more {
                                    " " span class="quiet" {
                                        (visit.pick("and ", "另有 ")) (number)
                                        (visit.pick(" more like this, the last at ", " 项同类事项，最晚 ")) (parts::time(later(now, *last), now))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The second in which a wait that begins within this one ends.
fn later(now: i64, wait: Duration) -> i64 {
    let begun = u64::from(wait.subsec_nanos() > 0);
    now.saturating_add_unsigned(wait.as_secs().saturating_add(begun))
}

/// One line of the list.
struct Listed {
    wait: Duration,
    due: Due,
    /// Number of further events of the kind, and the wait until the last one.
    more: Option<(u32, Duration)>,
}

/// The first ones of each kind, in order; the last of these counts the rest.
fn by_kind(due: Vec<(Duration, Due)>) -> Vec<Listed> {
    let mut listed: Vec<Listed> = Vec::new();
    for (wait, due) in due {
        let is_same = |other: &&mut Listed| discriminant(&other.due) == discriminant(&due);
        let is_full = listed.iter_mut().filter(is_same).count() >= OF_ONE_KIND;
        match listed.iter_mut().rev().find(is_same).filter(|_| is_full) {
            Some(last) => {
                let (number, _) = last.more.unwrap_or_default();
                last.more = Some((number.saturating_add(1), wait));
            }
            None => listed.push(Listed {
                wait,
                due,
                more: None,
            }),
        }
    }
    listed.truncate(SHOWN);
    listed
}

/// An order that was paid does not close by itself.
fn will_happen(visit: &Visit, due: &Due) -> bool {
    match due {
        Due::CloseOrder(key) => visit
            .engine()
            .world
            .orders
            .change(key, |order| order.state == OrderState::NotPay)
            .unwrap_or_default(),
        _ => true,
    }
}

fn what(visit: &Visit, due: &Due) -> Markup {
    let words = |english, chinese| visit.pick(english, chinese);
    match due {
        Due::Notify { id, retry } => html! {
            a href=(visit.to(&format!("/notifications/{}", parts::segment(id)))) {
                @if *retry == 0 { (words("A notification is sent", "发送通知")) }
                @else { (words("A notification is tried again", "通知重试")) " #" (retry.saturating_add(1)) }
            }
        },
        Due::CloseOrder(key) => html! {
            (words("An unpaid order closes", "未支付订单自动关闭")) " "
            a class="id" href=(visit.to(&parts::order_path(key))) { (key.out_trade_no) }
        },
        Due::BillsReady(day) => html! { (words("Bills are ready:", "账单生成：")) " " (day) },
        Due::SettleRefund { key, .. } => html! {
            (words("A refund arrives", "退款到账")) " " span class="id" { (key.out_refund_no) }
        },
        Due::Unpark(id) => html! {
            a href=(visit.to(&format!("/notifications/{}", parts::segment(id)))) {
                (words("A notification waits no longer for another one", "乱序通知不再等待"))
            }
        },
        Due::MissedQuery(key) => html! {
            (words("The shop is expected to know of the payment by then", "检查商户是否已知晓支付")) " "
            a class="id" href=(visit.to(&parts::order_path(key))) { (key.out_trade_no) }
        },
        Due::SettleShare(_) => html! { (words("A profit share arrives", "分账到账")) },
        Due::SettleReturn(_) => html! { (words("A return of a share arrives", "分账回退到账")) },
        Due::SettleWithdrawal(_) => html! { (words("A withdrawal arrives", "提现到账")) },
        Due::Proceed { key, .. } => html! {
            (words("Next state:", "进入下一状态：")) " " (visit.language.say(key.kind.name())) " "
            span class="id" { (key.number) }
        },
        Due::ChangeSettlement(_) => html! { (words("A settlement account changes", "结算账户变更")) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wechatpay_sandbox::world::orders::key::OrderKey;

    #[test]
    fn many_of_a_kind_do_not_bury_the_next_bill() {
        let closes = |seconds: u64| {
            let key = OrderKey::order("1900000001", &seconds.to_string());
            (Duration::from_secs(seconds), Due::CloseOrder(key))
        };
        let bills = (Duration::from_secs(60), Due::BillsReady(Day::of(0)));
        let mut due: Vec<_> = (1..=10).map(closes).collect();
        due.push(bills);
        let listed = by_kind(due);
        let seen: Vec<_> = listed
            .iter()
            .map(|line| {
                (
                    line.wait.as_secs(),
                    line.more.map(|(number, last)| (number, last.as_secs())),
                )
            })
            .collect();
        assert_eq!(later(0, Duration::from_millis(1500)), 2, "10:00:00, not 09:59:59");
        assert_eq!(seen, [(1, None), (2, Some((8, 10))), (60, None)]);
    }
}
