-- Requests of wrk: the lines of the file that the environment names, in turn; a line is a target and headers after tabs.
local requests = {}
local place = 0

function init()
  for line in io.lines(os.getenv("TARGETS")) do
    local target, headers = nil, {}
    for part in string.gmatch(line, "[^\t]+") do
      if target == nil then
        target = part
      else
        local name, value = string.match(part, "^([^:]+): (.*)$")
        headers[name] = value
      end
    end
    requests[#requests + 1] = wrk.format("GET", target, headers)
  end
  place = math.random(#requests)
end

function request()
  place = place % #requests + 1
  return requests[place]
end
