//! Days of the calendar, as DriverVer writes them.

/// Seconds of a day, as Unix time counts them.
const DAY: u64 = 86_400;

/// The first second of the year 10000, which has no four digits.
const END: u64 = 253_402_300_800;

/// `mm/dd/yyyy` of a time in seconds since 1970, in UTC; nothing after the year 9999.
pub(crate) fn from_unix(seconds: u64) -> Option<String> {
    if seconds >= END {
        return None;
    }
    let mut days = seconds / DAY;
    let mut year = 1970;
    while days >= year_length(year) {
        days -= year_length(year);
        year += 1;
    }
    let mut month = 1;
    while days >= month_length(year, month) {
        days -= month_length(year, month);
        month += 1;
    }
    Some(format!("{month:02}/{:02}/{year}", days + 1))
}

/// The minute of the day, in UTC, that a time in seconds since 1970 falls into: at most 1439.
pub(crate) const fn minute(seconds: u64) -> u64 {
    seconds % DAY / 60
}

/// Whether `text` is a day that exists, written `mm/dd/yyyy`.
pub(super) fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let [month, day, year] = parts.as_slice() else {
        return false;
    };
    let number = |text: &str, digits: usize| {
        let good = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| text.parse::<u64>().ok()).flatten()
    };
    let (Some(month), Some(day), Some(year)) = (number(month, 2), number(day, 2), number(year, 4))
    else {
        return false;
    };
    (1..=12).contains(&month) && (1..=month_length(year, month)).contains(&day) && year >= 1970
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn year_length(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

const fn month_length(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_the_day_that_date_prints() {
        // `date -u -d @SECONDS +%m/%d/%Y`
        for (seconds, day) in [
            (0, "01/01/1970"),
            (951_782_399, "02/28/2000"),
            (951_782_400, "02/29/2000"),
            (951_868_800, "03/01/2000"),
            (1_798_761_599, "12/31/2026"),
            (1_798_761_600, "01/01/2027"),
            (4_107_542_400, "03/01/2100"),
            (END - 1, "12/31/9999"),
        ] {
            assert_eq!(from_unix(seconds).as_deref(), Some(day));
            assert!(is_day(day), "{day}");
        }
        assert_eq!(from_unix(END), None);
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "",
            "1/1/2026",
            "13/01/2026",
            "00/01/2026",
            "02/29/2026",
            "02/29/2100",
            "04/31/2026",
            "01/00/2026",
            "01/01/26",
            "01-01-2026",
            "01/01/2026/1",
            "+1/01/2026",
            "01/01/1969",
        ] {
            assert!(!is_day(text), "{text}");
        }
    }
}
