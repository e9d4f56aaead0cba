//! A client for one bucket.
//!
//! With keys and region from the configuration nothing else of the machine is read; without, the machine is asked for
//! its own: environment, profile, web identity, container, instance.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Builder, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    StalledStreamProtectionConfig,
};

use crate::config::{Bucket, Pace};

/// What a store is called that has no regions.
const ANY_REGION: &str = "us-east-1";

pub(super) async fn client(bucket: &Bucket) -> Client {
    let mut config = Builder::new().behavior_version(BehaviorVersion::latest()).force_path_style(bucket.in_path);
    config.set_endpoint_url(bucket.endpoint.clone());
    let config = checked(paced(config, &bucket.pace), bucket.checksums);
    Client::from_conf(identified(config, bucket).await.build())
}

/// Checksums of the protocol's own, on top of the signed hash, are refused by many stores that only resemble S3.
fn checked(config: Builder, checksums: bool) -> Builder {
    if checksums {
        return config;
    }
    config
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
}

fn paced(config: Builder, pace: &Pace) -> Builder {
    let times = TimeoutConfig::builder()
        .connect_timeout(pace.connect)
        .operation_attempt_timeout(pace.one_try)
        .operation_timeout(pace.total)
        .build();
    let tries = RetryConfig::standard()
        .with_max_attempts(pace.tries)
        .with_initial_backoff(Duration::from_millis(200))
        .with_max_backoff(Duration::from_secs(2));
    let stalls = StalledStreamProtectionConfig::enabled().grace_period(pace.stall).build();
    config.timeout_config(times).retry_config(tries).stalled_stream_protection(stalls)
}

async fn identified(config: Builder, bucket: &Bucket) -> Builder {
    let region = bucket.region.clone().or_else(|| bucket.endpoint.is_some().then(|| ANY_REGION.to_owned()));
    let keys = bucket.keys.as_ref();
    let keys = keys.map(|(key, secret)| Credentials::new(key.reveal(), secret.reveal(), None, None, "configuration"));
    match (keys, region.map(Region::new)) {
        (Some(keys), Some(region)) => config.credentials_provider(keys).region(region),
        (Some(keys), None) => config.credentials_provider(keys).region(region_of(&machine(None).await)),
        (None, region) => {
            let machine = machine(region).await;
            let config = config.region(region_of(&machine));
            machine.credentials_provider().into_iter().fold(config, Builder::credentials_provider)
        }
    }
}

/// What this machine says of itself; a region that is known already is not asked for.
async fn machine(region: Option<Region>) -> SdkConfig {
    let loader = aws_config::defaults(BehaviorVersion::latest());
    match region {
        Some(region) => loader.region(region).load().await,
        None => loader.load().await,
    }
}

fn region_of(machine: &SdkConfig) -> Region {
    machine.region().cloned().unwrap_or(Region::from_static(ANY_REGION))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use aws_sdk_s3::config::{HttpClient, RuntimeComponents, SharedHttpClient};
    use aws_smithy_runtime_api::client::http::{
        HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    };
    use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
    use aws_smithy_types::body::SdkBody;
    use kernel::Secret;

    use crate::BlobsConfig;
    use crate::config::Place;

    /// Notes where a request goes, and says that all is well.
    #[derive(Clone, Debug, Default)]
    struct Notes(Arc<Mutex<Vec<String>>>);

    impl HttpConnector for Notes {
        fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
            self.0.lock().expect("nobody panicked").push(request.uri().to_owned());
            let status = 200.try_into().expect("a status");
            HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::empty())))
        }
    }
    impl HttpClient for Notes {
        fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
            SharedHttpConnector::new(self.clone())
        }
    }

    async fn asked(url: &str) -> String {
        let config = BlobsConfig {
            url: Secret::new(url.to_owned()),
            access_key: Secret::new("key".to_owned()),
            secret_key: Secret::new("secret".to_owned()),
            ..BlobsConfig::default()
        };
        let Ok(Place::S3(bucket)) = config.place() else { panic!("{url} is no bucket") };
        let notes = Notes::default();
        let client = super::client(&bucket).await;
        let config = client.config().to_builder().http_client(SharedHttpClient::new(notes.clone())).build();
        let request = super::Client::from_conf(config).delete_object().bucket(&bucket.name).key("a/b");
        request.send().await.expect("all is well");
        let asked = notes.0.lock().expect("nobody panicked");
        asked.concat()
    }

    // names below localhost lead nowhere on many machines, so this is not asked of a server
    #[tokio::test]
    async fn a_bucket_stands_in_the_host_name_or_in_the_path_as_configured() {
        for (url, expected) in [
            ("s3://ours?region=eu-west-1", "https://ours.s3.eu-west-1.amazonaws.com/a/b"),
            ("s3://ours?region=eu-west-1&style=path", "https://s3.eu-west-1.amazonaws.com/ours/a/b"),
            ("s3://ours?endpoint=https://s3.example.com:9000", "https://s3.example.com:9000/ours/a/b"),
            ("s3://ours?endpoint=https://s3.example.com&style=virtual", "https://ours.s3.example.com/a/b"),
        ] {
            let asked = asked(url).await;
            assert_eq!(asked.split('?').next(), Some(expected), "{url}");
        }
    }
}
