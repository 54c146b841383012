"""How much memory this process occupies."""

from __future__ import annotations

import os
import sys


def resident() -> int:
    """The resident memory in bytes; on macOS the most that there ever was; 0 if unknown."""
    try:
        if sys.platform == "win32":
            return _working_set()
        if sys.platform.startswith("linux"):
            with open("/proc/self/statm", "rb") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    except (OSError, ValueError, IndexError, ImportError):
        return 0


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS of the Windows API."""

        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            ("PeakWorkingSetSize", ctypes.c_size_t),
            ("WorkingSetSize", ctypes.c_size_t),
            ("QuotaPeakPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPeakNonPagedPoolUsage", ctypes.c_size_t),
            ("QuotaNonPagedPoolUsage", ctypes.c_size_t),
            ("PagefileUsage", ctypes.c_size_t),
            ("PeakPagefileUsage", ctypes.c_size_t),
        )

    def _working_set() -> int:
        counters = _Counters()
        counters.cb = ctypes.sizeof(counters)
        process = ctypes.WinDLL("kernel32").GetCurrentProcess
        process.restype = wintypes.HANDLE
        known = ctypes.WinDLL("psapi").GetProcessMemoryInfo
        known.argtypes = (wintypes.HANDLE, ctypes.POINTER(_Counters), wintypes.DWORD)
        return counters.WorkingSetSize if known(process(), counters, counters.cb) else 0
