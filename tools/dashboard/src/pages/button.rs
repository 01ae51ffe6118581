//! The button of an action: a form with the page's token.

use maud::{Markup, html};

use super::{HOME, Visit};

/// A button with all that it sends along.
pub(super) fn button(visit: &Visit, action: &str, fields: &[(&str, &str)], inside: &Markup) -> Markup {
    html! {
        form class="press" method="post" action={ (HOME) "/press" } {
            input type="hidden" name="token" value=(visit.desk.token);
            input type="hidden" name="do" value=(action);
            input type="hidden" name="back" value=(visit.here());
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            (inside)
        }
    }
}
