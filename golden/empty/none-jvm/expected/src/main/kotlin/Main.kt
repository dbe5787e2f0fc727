package com.example.myapp

fun main() {
    println("2 + 3 = ${RustLibrary.add(2, 3)}")
}
