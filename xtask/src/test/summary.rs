//! The counters that a program of the suite writes as JSON.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::Value;

/// One JSON object. A name with slashes is a path into it: `tail_latency_us/p50`.
#[derive(Clone, Debug)]
pub(crate) struct Summary(Value);

impl Summary {
    /// # Errors
    /// If the file cannot be read or is not JSON.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        text.parse().with_context(|| path.display().to_string())
    }

    fn value(&self, name: &str) -> anyhow::Result<&Value> {
        self.0
            .pointer(&format!("/{name}"))
            .with_context(|| format!("no {name} in the summary"))
    }

    /// # Errors
    /// If there is no such counter, or it is no whole number.
    pub(crate) fn count(&self, name: &str) -> anyhow::Result<u64> {
        let value = self.value(name)?;
        value
            .as_u64()
            .with_context(|| format!("{name} is no count: {value}"))
    }

    /// The same counters, but `name` smaller by `less`.
    ///
    /// # Errors
    /// If there is no such counter, or it is less than `less`.
    pub(crate) fn reduced(&self, name: &str, less: u64) -> anyhow::Result<Self> {
        let count = self.count(name)?;
        let count = count
            .checked_sub(less)
            .with_context(|| format!("{name} is only {count}"))?;
        let mut reduced = self.clone();
        if let Some(value) = reduced.0.get_mut(name) {
            *value = count.into();
        }
        Ok(reduced)
    }

    /// # Errors
    /// If there is no such measure, or it is no number.
    pub(crate) fn number(&self, name: &str) -> anyhow::Result<f64> {
        let value = self.value(name)?;
        value
            .as_f64()
            .with_context(|| format!("{name} is no number: {value}"))
    }

    /// # Errors
    /// If there is no such text.
    pub(crate) fn text(&self, name: &str) -> anyhow::Result<&str> {
        let value = self.value(name)?;
        value
            .as_str()
            .with_context(|| format!("{name} is no text: {value}"))
    }

    /// Holds the elementary stream of a source against that of its sink, by bytes.
    ///
    /// # Errors
    /// If a counter is missing, or bytes are. Of the picture in which the driver was stopped a part may have come.
    pub(crate) fn want_all_bytes(&self, received: &Self) -> anyhow::Result<()> {
        let (whole, cut) = (self.count("es_bytes_sent")?, self.count("es_bytes_cut")?);
        let came = received.count("es_bytes_received")?;
        ensure!(
            whole > 0 && (whole..=whole + cut).contains(&came),
            "es_bytes_sent {whole}, es_bytes_cut {cut}, es_bytes_received {came}"
        );
        Ok(())
    }

    /// # Errors
    /// If `name` is not there or not null.
    pub(crate) fn want_null(&self, name: &str) -> anyhow::Result<()> {
        let value = self.value(name)?;
        ensure!(value.is_null(), "{name} is {value}");
        Ok(())
    }

    /// # Errors
    /// If `name` is not there or not `true`.
    pub(crate) fn want_true(&self, name: &str) -> anyhow::Result<()> {
        let value = self.value(name)?;
        ensure!(*value == Value::Bool(true), "{name} is {value}");
        Ok(())
    }

    /// # Errors
    /// If one of `names` is not there or not 0.
    pub(crate) fn want_zero(&self, names: &[&str]) -> anyhow::Result<()> {
        for name in names {
            let count = self.count(name)?;
            ensure!(count == 0, "{name} is {count}");
        }
        Ok(())
    }

    /// # Errors
    /// If one of `names` is not there or 0.
    pub(crate) fn want_some(&self, names: &[&str]) -> anyhow::Result<()> {
        for name in names {
            ensure!(self.count(name)? > 0, "{name} is 0");
        }
        Ok(())
    }

    /// # Errors
    /// If the two counters are not there or differ.
    pub(crate) fn want_equal(&self, left: &str, right: &str) -> anyhow::Result<()> {
        let (a, b) = (self.count(left)?, self.count(right)?);
        ensure!(a == b, "{left} is {a}, {right} is {b}");
        Ok(())
    }
}

impl core::str::FromStr for Summary {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text).map(Self)
    }
}
