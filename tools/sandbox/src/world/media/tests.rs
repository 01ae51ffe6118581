use super::state::{CAPACITY, Media, MediaKind};
use crate::world::tests::TestWorld;

#[test]
fn the_oldest_uploads_are_forgotten() {
    let world = TestWorld::new();
    for number in 0..=CAPACITY {
        world.media.keep(Media {
            media_id: number.to_string(),
            mchid: String::new(),
            kind: MediaKind::Picture,
            filename: String::new(),
            sha256: String::new(),
            size: 0,
            at: 0,
        });
    }
    let all = world.media.all();
    assert_eq!((all.len(), all[0].media_id.as_str()), (CAPACITY, "1"));
    world.media.clear();
    assert!(world.media.all().is_empty());
    world.media.restore(all.clone());
    assert_eq!(world.media.all(), all);
}
