<?php

/**
 * waNet that follows no redirect, gives up early where nobody is, and tells what came whatever the status.
 */
class shopFiscalgatePluginNet extends waNet
{
    /** @var int */
    private $connect_seconds = 5;

    /** @param int $seconds */
    public function setConnectSeconds($seconds)
    {
        $this->connect_seconds = $seconds;
    }

    /** @return int 0 if there was no answer */
    public function getStatus()
    {
        return isset($this->response_header['http_code']) ? (int) $this->response_header['http_code'] : 0;
    }

    /** @return string */
    public function getBody()
    {
        return (string) $this->raw_response;
    }

    /** @return array<string, string> */
    public function getHeaders()
    {
        $headers = array();
        foreach ((array) $this->response_header as $name => $value) {
            if (is_scalar($value)) {
                $headers[(string) $name] = (string) $value;
            }
        }
        return $headers;
    }

    protected function runCurl($url, $params, $method, $curl_options = array(), $callback = null)
    {
        $curl_options += array(
            CURLOPT_CONNECTTIMEOUT => $this->connect_seconds,
            CURLOPT_MAXREDIRS      => 0,
            CURLOPT_PROTOCOLS      => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_NOSIGNAL       => true,
            CURLOPT_MAXFILESIZE    => Fiscalgate\Sdk\Http\Response::MAX_BYTES,
        );
        return parent::runCurl($url, $params, $method, $curl_options, $callback);
    }
}
