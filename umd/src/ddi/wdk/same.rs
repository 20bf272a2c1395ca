//! What it means for a type of ours to be the kit's: a value can pass from one to the other as an
//! argument, a result or a field.

use core::ffi::c_void;

use miracast_kmd_iface::NtStatus;

/// This type is passed and laid out as `Kit` is. For structures, the assertions in
/// [`super::layout`] earn it.
///
/// Not the same word by word: the header writes `*` where we write `*const`, bindgen knows C's
/// enumerations as `i32`, and what is `"system"` to us is `"C"` to it. On 64-bit Windows, the only
/// one there is for this driver, these are the same.
#[diagnostic::on_unimplemented(
    message = "the kit's header has `{Kit}` where the driver has `{Self}`"
)]
pub(super) trait Same<Kit> {}

impl Same<()> for () {}
impl Same<c_void> for c_void {}
impl Same<u8> for u8 {}
impl Same<i32> for i32 {}
impl Same<u32> for u32 {}
impl Same<u64> for u64 {}
/// `UINT_PTR`.
impl Same<u64> for usize {}
/// A C enumeration.
impl Same<i32> for u32 {}
impl Same<i32> for NtStatus {}

impl<Kit, T: Same<Kit>, const N: usize> Same<[Kit; N]> for [T; N] {}
impl<Kit, T: Same<Kit>> Same<*mut Kit> for *mut T {}
impl<Kit, T: Same<Kit>> Same<*mut Kit> for *const T {}

macro_rules! functions {
    ($(($($ours:ident: $kit:ident),*))*) => {$(
        impl<Result, KitResult, $($ours, $kit),*> Same<Option<unsafe extern "C" fn($($kit),*) -> KitResult>>
            for Option<unsafe extern "system" fn($($ours),*) -> Result>
        where
            Result: Same<KitResult>,
            $($ours: Same<$kit>),*
        {
        }
    )*};
}

functions! {
    (A: KitA)
    (A: KitA, B: KitB)
    (A: KitA, B: KitB, C: KitC)
    (A: KitA, B: KitB, C: KitC, D: KitD)
    (A: KitA, B: KitB, C: KitC, D: KitD, E: KitE, F: KitF)
    (A: KitA, B: KitB, C: KitC, D: KitD, E: KitE, F: KitF, G: KitG)
}

/// Compiles if `T` is the same as `Kit`.
pub(super) const fn same<T: Same<Kit>, Kit>() {}

/// Compiles if the two functions, which name a field each, name fields that are the same.
pub(super) const fn same_field<Ours, Theirs, Field: Same<KitField>, KitField>(
    _: fn(&Ours) -> &Field,
    _: fn(&Theirs) -> &KitField,
) {
}
