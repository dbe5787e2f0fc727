package com.example.myapp

/** The functions that the Rust library exports. */
object RustLibrary {
    init {
        System.loadLibrary("my_app")
    }

    /** The sum of [a] and [b], computed by Rust. */
    external fun add(a: Int, b: Int): Int
}
