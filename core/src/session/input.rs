//! Input of the sink's user (UIBC, S2.1 §4.11): which of it the source takes, and when.
//!
//! The source offers it in M4 only if the miniport takes input and the sink has some; the host listens
//! on the port before M4 names it. What is agreed holds until M14 changes it, and input comes while
//! M15 has not switched it off. The bytes of the channel are not here: `crate::uibc` reads them.

use super::io::Event;
use super::machine::Machine;
use crate::rtsp::Status;
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
    pub(super) given_up: bool,
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
        self.input.offered = if self.input.given_up {
            None
        } else {
            self.common_input()
        };
        let capability = self.input.offered?;
        Some((capability, UibcSetting::Enable))
    }

    fn common_input(&self) -> Option<UibcCapability> {
        let port = self.start?.input_port?;
        let sink = self.sink.uibc.present()?;
        let ours = UibcCapability {
            port: Some(port),
            ..OURS
        };
        Some(ours.in_common_with(sink)).filter(UibcCapability::has_input)
    }

    /// The sink said 200 to M4.
    pub(super) fn input_agreed(&mut self) {
        let Some(offered) = self.input.offered.take() else {
            return;
        };
        self.change_input(|input| {
            input.agreed = Some(offered);
            input.enabled = true;
        });
    }

    /// What M4 agreed on is offered anew.
    pub(super) fn input_withdrawn(&mut self) {
        self.change_input(|input| input.agreed = None);
    }

    /// M14: the sink has other input now. It keeps what was agreed until then (S2.1 §6.4.14).
    pub(super) fn input_changed(&mut self, capability: &Offer<UibcCapability>) {
        self.sink.uibc = capability.clone();
        let common = self.common_input();
        self.change_input(|input| input.agreed = common);
    }

    /// M15: input is switched on or off. The status to answer.
    pub(super) fn input_switched(&mut self, setting: UibcSetting) -> Status {
        if self.input.agreed.is_none() {
            return Status::METHOD_NOT_VALID_IN_THIS_STATE;
        }
        self.change_input(|input| input.enabled = setting == UibcSetting::Enable);
        Status::OK
    }

    fn change_input(&mut self, change: impl FnOnce(&mut InputChannel)) {
        let before = self.input.is_open();
        change(&mut self.input);
        let open = self.input.is_open();
        if open != before {
            self.emit(Event::Input { open });
        }
    }
}
