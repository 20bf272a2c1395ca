//! Input of the sink's user (UIBC, S2.1 §4.11): which of it the source takes, and when.
//!
//! The source offers it in M4 only if the miniport takes input and the sink has some; the host listens
//! on the port before M4 names it. What is agreed holds until M14 changes it, and input comes while
//! M15 has not switched it off. The bytes of the channel are not here: `crate::uibc` reads them.

use super::io::Event;
use super::machine::Machine;
use crate::wfd::Offer;
use crate::wfd::parameters::{InputCategories, InputTypes, UibcCapability, UibcSetting};

/// Everything that a report can describe. What a vendor's miniport does with it is its matter.
const OURS: UibcCapability = UibcCapability {
    categories: InputCategories::all(),
    generic: InputTypes::all(),
    hidc: [InputTypes::all(); 6],
    port: None,
};

/// What is agreed about input.
#[derive(Clone, Copy, Debug)]
pub(super) struct InputChannel {
    /// The sink refused M4, and it was made without input since.
    given_up: bool,
    /// What M4 offers while its answer is out.
    offered: Option<UibcCapability>,
    agreed: Option<UibcCapability>,
    enabled: bool,
}

impl InputChannel {
    pub(super) const fn new() -> Self {
        Self {
            given_up: false,
            offered: None,
            agreed: None,
            enabled: false,
        }
    }

    const fn is_open(&self) -> bool {
        self.agreed.is_some() && self.enabled
    }
}

impl Machine {
    /// What M4 says about input: what both sides have, at our port.
    pub(super) fn offer_input(&mut self) -> Option<(UibcCapability, UibcSetting)> {
        self.input.offered = self.common_input(&self.sink.uibc);
        let capability = self.input.offered?;
        Some((capability, UibcSetting::Enable))
    }

    /// The sink refused M4: input is not offered any more. Whether it was.
    pub(super) fn give_up_input(&mut self) -> bool {
        let offered = self.common_input(&self.sink.uibc).is_some();
        self.input.given_up = true;
        offered
    }

    /// What the source has of this input.
    fn common_input(&self, sink: &Offer<UibcCapability>) -> Option<UibcCapability> {
        if self.input.given_up {
            return None;
        }
        let ours = UibcCapability {
            port: Some(self.start?.input_port?),
            ..OURS
        };
        Some(ours.in_common_with(sink.present()?)).filter(UibcCapability::has_input)
    }

    /// The sink said 200 to M4.
    pub(super) fn input_agreed(&mut self) {
        let Some(offered) = self.input.offered.take() else {
            return;
        };
        self.set_input(Some(offered), true);
    }

    /// What M4 agreed on is offered anew.
    pub(super) fn input_withdrawn(&mut self) {
        self.set_input(None, self.input.enabled);
    }

    /// Whether there is input to switch on, after this M14 or without one.
    pub(super) fn has_input(&self, m14: Option<&Offer<UibcCapability>>) -> bool {
        m14.map_or(self.input.agreed, |sink| self.common_input(sink))
            .is_some()
    }

    /// M14 and M15: the sink has other input now, and switches it on or off. It keeps what was agreed
    /// until then (S2.1 §6.4.14).
    pub(super) fn change_input(
        &mut self,
        m14: Option<&Offer<UibcCapability>>,
        m15: Option<UibcSetting>,
    ) {
        let mut agreed = self.input.agreed;
        if let Some(capability) = m14 {
            self.sink.uibc = capability.clone();
            agreed = self.common_input(capability);
        }
        let enabled = m15.map_or(self.input.enabled, |setting| setting == UibcSetting::Enable);
        self.set_input(agreed, enabled);
    }

    fn set_input(&mut self, agreed: Option<UibcCapability>, enabled: bool) {
        let before = self.input.is_open();
        self.input.agreed = agreed;
        self.input.enabled = enabled;
        let open = self.input.is_open();
        if open != before {
            self.emit(Event::Input { open });
        }
    }
}
