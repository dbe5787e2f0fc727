package com.example.rust

/** The functions that the Rust library exports. */
object RustLibrary {
    init {
        System.loadLibrary("rust")
    }

    /** The sum of [a] and [b], computed by Rust. */
    external fun add(a: Int, b: Int): Int
}
