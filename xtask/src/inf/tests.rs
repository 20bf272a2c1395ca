use super::*;
use crate::package::stamp;

fn files() -> Vec<String> {
    vec!["miracast_umd.dll".into()]
}

/// The example without its comments, so that each of its words is there as often as it counts.
fn example() -> String {
    let ids = [PLACEHOLDER_ID.into()];
    let text = stamp::fill(stamp::TEMPLATE, "amd64", "11/22/2026,0.1.0.0", &ids);
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with(';')).collect();
    lines.join("\r\n")
}

fn checked(text: &str) -> Result<Summary, Vec<Fault>> {
    let package = Package {
        processor: "amd64",
        files: &files(),
        catalogued: false,
    };
    check(text, &package)
}

/// The faults of the example in which `from` is `to`, as one text.
fn faults(from: &str, to: &str) -> String {
    let text = example();
    assert_eq!(
        text.matches(from).count(),
        1,
        "{from} is not there just once"
    );
    let faults = checked(&text.replace(from, to)).expect_err(to);
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn the_example_installs_one_file() {
    let summary = checked(&example()).unwrap();
    assert_eq!(
        summary,
        Summary {
            driver_ver: "11/22/2026,0.1.0.0".into(),
            hardware_ids: vec![PLACEHOLDER_ID.into()],
            files: files(),
        }
    );
}

#[test]
fn no_line_of_the_example_can_be_left_out() {
    let text = example();
    let lines: Vec<&str> = text.lines().collect();
    let mut tried = 0;
    for (at, line) in lines.iter().enumerate() {
        // The settings have defaults.
        if line.is_empty() || line.starts_with("HKR,Miracast,") {
            continue;
        }
        let rest = [&lines[..at], &lines[at + 1..]].concat().join("\r\n");
        assert!(checked(&rest).is_err(), "without line {}: {line}", at + 1);
        tried += 1;
    }
    assert_eq!(tried, 32);
}

#[test]
fn what_cannot_be_read_is_refused() {
    for (from, to, what) in [
        (
            "Example Vendor",
            "Exämple Vendor",
            "'ä' is not printable ASCII",
        ),
        ("[Miracast]", "[Miracast", "is not at the end of its line"),
        (
            "[Miracast]",
            "[Miracast] x",
            "is not at the end of its line",
        ),
        ("[Miracast]", "[]", "[] is no name of a section"),
        (
            "[Miracast]",
            "[Miracast.Files]",
            "[Miracast.Files] is there twice",
        ),
        (
            "[Version]",
            "x = y\r\n[Version]",
            "a line before the first section",
        ),
        (
            "\"Example Vendor\"",
            "\"Example Vendor",
            "a quote is not closed",
        ),
        (
            "\"Example Vendor\"",
            "\"Example\" Vendor",
            "text after the quote",
        ),
        (
            "\"Example Vendor\"",
            "Example\"\" Vendor",
            "a quote inside of",
        ),
        ("CatalogFile =", "CatalogFile = =", "more than one ="),
        ("CatalogFile =", "=", "nothing before the ="),
        ("miracast_umd.cat", "\\", "continued lines"),
        (
            "Example Vendor",
            &"x".repeat(4096),
            "more than 4095 characters",
        ),
    ] {
        let faults = faults(from, to);
        assert!(faults.contains(what), "{to}: {faults}");
    }
}

#[test]
fn quotes_and_comments_are_those_of_an_inf() {
    let text = example().replace(
        "\"Example Vendor\"",
        "\"Example \"\"X; Y\"\", Ltd.\" ; name",
    );
    assert!(checked(&text).is_ok());
}

#[test]
fn a_version_that_windows_would_refuse_is_refused() {
    for (from, to, what) in [
        ("$WINDOWS NT$", "$CHICAGO$", "Signature is not"),
        ("= Extension", "= Display", "Class is not Extension"),
        (
            "{e2f84ce7",
            "{4d36e968",
            "ClassGuid is not that of Extension",
        ),
        ("{f59c77e6", "{f59c77e", "ExtensionId is no GUID"),
        ("{f59c77e6", "{x59c77e6", "ExtensionId is no GUID"),
        (
            "miracast_umd.cat",
            "cat\\miracast_umd.cat",
            "CatalogFile is no name",
        ),
        ("PnpLockdown = 1", "PnpLockdown = 0", "PnpLockdown is not 1"),
        (
            "PnpLockdown = 1",
            "PnpLockdown = 1\r\nPnpLockdown = 1",
            "not in [Version] just once",
        ),
        (
            "PnpLockdown = 1",
            "PnpLockdown = 1\r\nReboot = 1",
            "[Version] has no \"Reboot\" here",
        ),
        ("11/22/2026", "22/11/2026", "DriverVer is not"),
        ("0.1.0.0", "0.1.0", "DriverVer is not"),
        ("0.1.0.0", "0.1.0.65536", "DriverVer is not"),
        ("0.1.0.0", "0.1.0.00", "DriverVer is not"),
        ("11/22/2026,0.1.0.0", "$DRIVERVER$", "DriverVer is not"),
    ] {
        let faults = faults(from, to);
        assert!(faults.contains(what), "{to}: {faults}");
    }
}

#[test]
fn a_name_that_leads_nowhere_is_refused() {
    for (from, to, what) in [
        (
            "Adapters,NT",
            "Adaptors,NT",
            "there is no section [Adaptors.NTamd64.10.0...16299]",
        ),
        (
            "= Miracast,PCI",
            "= Miracast2,PCI",
            "there is no section [Miracast2]",
        ),
        (
            "CopyFiles = Miracast.Files",
            "CopyFiles = Files",
            "there is no section [Files]",
        ),
        (
            "CopyFiles = Miracast",
            "CopyInf = Miracast",
            "directive \"CopyInf\" is not understood",
        ),
        (
            "%Adapter%",
            "%Adaptor%",
            "%Adaptor% is neither a string nor",
        ),
        ("%Adapter%", "%Adapter", "a % alone"),
        (
            "%REG_SZ%,\"%13%",
            "%REG_SZ%,\"%11%",
            "%11% is neither a string nor",
        ),
        (
            "Provider = \"Example",
            "Spare = \"s\"\r\nProvider = \"Example",
            "uses the string spare",
        ),
        (
            "Provider = \"Example",
            "disk = \"s\"\r\nProvider = \"Example",
            "the string Disk is there twice",
        ),
        ("\"Example Vendor\"", "\"%Disk%\"", "a string is"),
        (
            "[Strings]",
            "[Spare]\r\nx = y\r\n[Strings]",
            "nothing leads to [Spare]",
        ),
    ] {
        let faults = faults(from, to);
        assert!(faults.contains(what), "{to}: {faults}");
    }
}

#[test]
fn devices_are_for_one_processor_and_well_written() {
    for (from, to, what) in [
        (
            "Adapters,NTamd64.10.0...16299",
            "Adapters",
            "a manufacturer is",
        ),
        (
            "Adapters,NTamd64.10.0...16299",
            "Adapters,NTarm64.10.0...16299",
            "in a package for amd64",
        ),
        (
            "Adapters,NTamd64.10.0...16299",
            "Adapters,NTamd64",
            "names no build of Windows",
        ),
        (PLACEHOLDER_ID, "VEN_FFFF", "VEN_FFFF is no hardware id"),
        (
            PLACEHOLDER_ID,
            r"PCI\VEN_FFFF DEV_FFFF",
            "is no hardware id",
        ),
        (
            PLACEHOLDER_ID,
            "$HARDWAREID$",
            "$HARDWAREID$ is no hardware id",
        ),
        (",PCI\\VEN_FFFF&DEV_FFFF", "", "a model is"),
    ] {
        let faults = faults(from, to);
        assert!(faults.contains(what), "{to}: {faults}");
    }
}

#[test]
fn files_are_on_a_disk_copied_and_there() {
    for (from, to, what) in [
        ("umd.dll = 1", "umd.dll = 2", "there is no disk \"2\""),
        ("umd.dll = 1", "umd.dll = 1,x64", "files lie beside the INF"),
        (
            "umd.dll = 1",
            "umd.dll = 1\r\nb.dll = 1",
            "b.dll is copied by no section",
        ),
        (
            "umd.dll = 1",
            "umd.dll = 1\r\nMiracast_UMD.dll = 1",
            "Miracast_UMD.dll is there twice",
        ),
        (
            "1 = %Disk%",
            "1 = %Disk%\r\n2 = %Disk%",
            "no file is on disk 2",
        ),
        (
            "Miracast.Files]\r\nmiracast_umd.dll",
            "Miracast.Files]\r\nb.dll",
            "b.dll is not in [SourceDisksFiles]",
        ),
        (
            "Miracast.Files]\r\nmiracast_umd.dll",
            "Miracast.Files]\r\nmiracast_umd.dll,a.dll",
            "under its own name",
        ),
        ("Files = 13", "Files = 11", "the directory is not 13"),
        ("Files = 13", "Files = 13,x64", "the directory is not 13"),
        (
            "Files = 13",
            "DefaultDestDir = 13",
            "DefaultDestDir is no section of files",
        ),
        (
            "Files = 13",
            "Files = 13\r\nMiracast.Files = 13",
            "Miracast.Files has 2 destinations",
        ),
    ] {
        let faults = faults(from, to);
        assert!(faults.contains(what), "{to}: {faults}");
    }
}

#[test]
fn registry_values_are_strings_or_numbers_below_hkr() {
    for (from, to, what) in [
        ("HKR,,", "HKLM,,", "writes below HKR only"),
        ("HKR,,", "x = HKR,,", "writes below HKR only"),
        ("MiracastDriverName,%", ",%", "no name or no value"),
        ("0x00000000", "0x00000001", "is neither 0x00000000"),
        (
            "LatencyMode,%REG_DWORD%,2",
            "LatencyMode,%REG_DWORD%,x",
            "x is no number",
        ),
        (
            "%13%\\miracast",
            "%13%\\other",
            "other_umd.dll is not copied",
        ),
        (
            "\"%13%\\miracast",
            "\"C:\\miracast",
            "is no path of the driver store",
        ),
        ("\"%13%\\miracast_umd.dll\"", "a,b", "a registry value is"),
    ] {
        let faults = faults(from, to);
        assert!(faults.contains(what), "{to}: {faults}");
    }
}

#[test]
fn the_package_holds_what_the_inf_names_and_no_more() {
    let judge = |files: &[&str], catalogued| {
        let files: Vec<String> = files.iter().map(ToString::to_string).collect();
        let package = Package {
            processor: "amd64",
            files: &files,
            catalogued,
        };
        check(&example(), &package).map_err(|faults| faults[0].to_string())
    };
    assert!(judge(&["Miracast_Umd.dll", "miracast_umd.cat"], true).is_ok());
    let missing = judge(&["miracast_umd.dll"], true).unwrap_err();
    assert_eq!(missing, "miracast_umd.cat is not in the package");
    assert!(
        judge(&[], false)
            .unwrap_err()
            .starts_with("miracast_umd.dll is not")
    );
    let more = judge(&["miracast_umd.dll", "a.dll"], false).unwrap_err();
    assert!(more.starts_with("a.dll is in the package"), "{more}");
}

#[test]
fn a_fault_names_its_line() {
    let faults = checked("[Version]\r\nä\r\n").unwrap_err();
    assert_eq!(faults[0].to_string(), "line 2: 'ä' is not printable ASCII");
}
