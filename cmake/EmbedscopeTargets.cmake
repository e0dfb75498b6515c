# What every target of the project shares: warnings, sanitizers, the compiler cache.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

if(EMBEDSCOPE_SANITIZE)
    add_compile_options(-fsanitize=${EMBEDSCOPE_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${EMBEDSCOPE_SANITIZE})
    if(EMBEDSCOPE_SANITIZE MATCHES "undefined")
        add_compile_options(-fno-sanitize-recover=undefined)
    endif()
endif()

if(EMBEDSCOPE_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link) # Tells libFuzzer which branches an input took.
endif()

# Warnings for one of our own targets; third-party headers come in as system includes.
function(embedscope_warnings target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        # Where it optimises, GCC 12 finds overlaps inside std::string that are not there (GCC bug 105651),
        # and takes the alternatives that a std::variant does not hold for used.
        target_compile_options(${target} PRIVATE
            -Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds)
    endif()
    if(EMBEDSCOPE_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()
