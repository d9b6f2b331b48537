-- memcached's built-in proxy with its own routelib, set up for what a replicated cache is for:
-- reads from the local zone and from the others when it fails, writes to every zone, answered when all have answered.
local_zone("zone-1")

pools{
  set_all = {
    ["zone-1"] = { backends = { "@1@" } },
    ["zone-2"] = { backends = { "@2@" } },
    ["zone-3"] = { backends = { "@3@" } },
  },
}

local reads = route_zfailover{ children = "set_all", miss = false }

routes{
  cmap = { get = reads, gets = reads, mg = reads },
  default = route_allsync{ children = "set_all" },
}
