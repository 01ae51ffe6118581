//! Several things at once.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

/// Runs all of them at once, in this task, and gives back what they gave in their order.
pub(super) async fn together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    let poll_all = |context: &mut Context<'_>| {
        let mut is_done = true;
        for (future, output) in futures.iter_mut().zip(&mut outputs) {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(ready) => *output = Some(ready),
                    Poll::Pending => is_done = false,
                }
            }
        }
        if is_done { Poll::Ready(()) } else { Poll::Pending }
    };
    poll_fn(poll_all).await;
    outputs.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_outputs_stand_in_the_order_of_the_futures() {
        // The later ones are ready sooner.
        let wait = |number: u64| async move {
            for _ in number..10 {
                tokio::task::yield_now().await;
            }
            number
        };
        assert_eq!(together((0..5).map(wait)).await, [0, 1, 2, 3, 4]);
    }
}
