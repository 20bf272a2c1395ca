use super::*;

fn well() -> Facts {
    Facts {
        build: Ok(26_100),
        secure_boot: Ok(false),
        test_signing: Ok(true),
        test_signing_next: Ok(true),
        trusted: [Ok(true), Ok(true)],
        published: Ok(vec!["oem16.inf".into()]),
        named: Ok(vec![named(r"C:\store\miracast_umd.dll", true)]),
        drivers: Ok(vec![Driver::NotSupported, Driver::Vendor]),
        elevated: Ok(true),
        loaded: Ok(vec!["WUDFHost.exe (1234)".into()]),
    }
}

fn named(path: &str, is_file: bool) -> Named {
    Named {
        adapter: "0001".into(),
        path: path.into(),
        is_file,
    }
}

/// The findings of the machine that `change` makes of a good one, but those that are well.
fn wrong(change: impl Fn(&mut Facts)) -> Vec<Finding> {
    let mut facts = well();
    change(&mut facts);
    let findings = judge(&facts).into_iter();
    findings.filter(|finding| !finding.is_well()).collect()
}

#[test]
fn nothing_is_wrong_with_a_good_machine() {
    let findings = judge(&well());
    assert_eq!(findings.len(), 10);
    for finding in findings {
        assert_eq!(finding.state, State::Good, "{finding:?}");
        assert_eq!(finding.remedy, "", "{finding:?}");
    }
}

#[test]
fn each_fault_is_one_finding_with_its_remedy() {
    type Fault = (fn(&mut Facts), &'static str, &'static str);
    let faults: [Fault; 11] = [
        (|facts| facts.build = Ok(16_298), "windows-build", "1709"),
        (
            |facts| facts.secure_boot = Ok(true),
            "secure-boot",
            "firmware",
        ),
        (
            |facts| facts.test_signing = Ok(false),
            "test-signing",
            "restart Windows",
        ),
        (
            |facts| facts.trusted[0] = Ok(false),
            "certificate-root",
            "install",
        ),
        (
            |facts| facts.trusted[1] = Ok(false),
            "certificate-publisher",
            "install",
        ),
        (
            |facts| facts.published = Ok(Vec::new()),
            "driver-store",
            "install",
        ),
        (
            |facts| facts.named = Ok(vec![named("miracast_umd.dll", false)]),
            "driver-file",
            "uninstall",
        ),
        (
            |facts| facts.drivers = Ok(vec![Driver::Microsoft]),
            "driver-type",
            "restart",
        ),
        (
            |facts| facts.drivers = Ok(vec![Driver::Other(7)]),
            "driver-type",
            "restart",
        ),
        (
            |facts| facts.drivers = Ok(Vec::new()),
            "driver-type",
            "restart",
        ),
        (
            |facts| facts.loaded = Err("denied".into()),
            "loaded",
            "administrator",
        ),
    ];
    for (change, name, remedy) in faults {
        let wrong = wrong(change);
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(wrong[0].name, name);
        assert!(wrong[0].remedy.contains(remedy), "{wrong:?}");
    }
}

#[test]
fn an_adapter_without_our_value_has_no_file_of_ours_either() {
    for values in [Vec::new(), vec![named("IntelWiDiUMS64.dll", true)]] {
        let wrong = wrong(|facts| facts.named = Ok(values.clone()));
        let names: Vec<&str> = wrong.iter().map(|finding| finding.name).collect();
        assert_eq!(names, ["registry", "driver-file"]);
    }
}

#[test]
fn test_signing_that_nobody_switched_on_needs_more_than_a_restart() {
    for next in [Ok(false), Err("bcdedit wants an administrator".into())] {
        let wrong = wrong(|facts| {
            facts.test_signing = Ok(false);
            facts.test_signing_next = next.clone();
        });
        assert!(
            wrong[0].remedy.contains("bcdedit /set testsigning on"),
            "{wrong:?}"
        );
    }
}

#[test]
fn what_could_not_be_read_is_not_well() {
    let wrong = wrong(|facts| {
        facts.build = Err("no reg".into());
        facts.drivers = Err("no gdi32".into());
    });
    let seen: Vec<&str> = wrong.iter().map(|finding| finding.seen.as_str()).collect();
    assert_eq!(seen, ["no reg", "no gdi32"]);
    assert!(wrong.iter().all(|finding| finding.state == State::Unknown));
}

/// The finding `name` of the machine that `change` makes of a good one.
fn found(name: &str, change: impl Fn(&mut Facts)) -> Finding {
    let mut facts = well();
    change(&mut facts);
    let mut findings = judge(&facts).into_iter();
    findings.find(|finding| finding.name == name).unwrap()
}

#[test]
fn a_vendors_driver_is_ours_only_if_no_adapter_names_another() {
    let ours = || named(r"C:\store\miracast_umd.dll", true);
    let other = || named("IntelWiDiUMS64.dll", true);
    let whose =
        |values: Reading<Vec<Named>>| found("driver-type", |facts| facts.named.clone_from(&values));
    assert_eq!(whose(Ok(vec![ours(), ours()])).seen, "this driver");
    for values in [vec![other()], vec![ours(), other()]] {
        let note = whose(Ok(values));
        assert_eq!(note.state, State::Note);
        assert!(note.seen.contains("IntelWiDiUMS64.dll"), "{note:?}");
    }
    assert_eq!(whose(Ok(Vec::new())).state, State::Note);
    assert_eq!(whose(Err("no reg".into())).state, State::Unknown);
}

#[test]
fn a_dll_that_is_not_loaded_is_a_note() {
    let loaded = found("loaded", |facts| facts.loaded = Ok(Vec::new()));
    assert_eq!(loaded.state, State::Note);
    assert!(loaded.remedy.contains("while Windows casts"));
}

#[test]
fn who_does_not_see_every_process_does_not_know_that_none_has_the_dll() {
    for elevated in [Ok(false), Err("no whoami".to_owned())] {
        let loaded = found("loaded", |facts| {
            facts.loaded = Ok(Vec::new());
            facts.elevated.clone_from(&elevated);
        });
        assert_eq!(loaded.state, State::Unknown);
        assert!(loaded.remedy.contains("as administrator"), "{loaded:?}");
        let loaded = found("loaded", |facts| facts.elevated.clone_from(&elevated));
        assert_eq!(loaded.state, State::Good, "one that is seen is there");
    }
}
