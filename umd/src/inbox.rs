//! The inbox of a context: messages of the miniport and data-rate notices, and the event of the system
//! that is its bell.

use miracast_core::inbox::Bell;

use crate::engine::Notice;
use crate::limits;
use crate::os::Event;

/// Messages of the miniport in order; of the data-rate notices only the latest says anything.
pub(crate) type Inbox = miracast_core::inbox::Inbox<Notice, Event, { limits::INBOX_MAX }>;

impl Bell for Event {
    fn ring(&self) {
        self.set();
    }

    fn silence(&self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::Inbox;
    use crate::engine::Notice;
    use crate::os::{Event, wait};

    fn rings(inbox: &Inbox) -> bool {
        wait(&[inbox.bell().raw()], Some(Duration::ZERO))
            .unwrap()
            .is_some()
    }

    #[test]
    fn a_wait_for_the_bell_ends_when_something_is_there_and_not_before() {
        let inbox = Inbox::new(Event::new().unwrap());
        assert!(!rings(&inbox));
        inbox.put_latest(Notice::Rate(Some(1)));
        assert!(rings(&inbox));
        inbox.silence();
        assert!(!rings(&inbox));
    }
}
