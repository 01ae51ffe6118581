//! Permutations of a few items.

/// Returns all permutations of `0..count`.
///
/// Returns none for more than seven items, which have 5 040.
pub(super) fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count > 7 {
        return Vec::new();
    }
    (0..count).fold(vec![Vec::new()], |orders, next| {
        orders
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..=order.len()).rev().map(move |place| {
                    let mut longer = order.clone();
                    longer.insert(place, next);
                    longer
                })
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_permutation_occurs_once_and_the_identity_first() {
        assert_eq!(permutations(0), [[0_usize; 0]]);
        let orders = permutations(4);
        assert_eq!(orders.len(), 24);
        assert_eq!(orders[0], [0, 1, 2, 3]);
        let different: std::collections::BTreeSet<_> = orders.iter().collect();
        assert_eq!(different.len(), 24);
        assert!(permutations(8).is_empty());
    }
}
